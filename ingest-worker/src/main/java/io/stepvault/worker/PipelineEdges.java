package io.stepvault.worker;

import io.stepvault.worker.assemble.ChunkStore;
import io.stepvault.worker.assemble.SchemaGate;
import io.stepvault.worker.batch.CaptureChoice;
import io.stepvault.worker.commit.Committer;
import io.stepvault.worker.flow.SlabPool;
import io.stepvault.worker.spool.SpoolDisk;
import io.stepvault.worker.spool.SpoolEntry;
import io.stepvault.worker.store.StepWriter;
import io.stepvault.worker.store.StoreGate;
import java.util.List;

/**
 * What the pipeline is wired to: its I/O, and the memory for captures.
 *
 * @param spooled what earlier runs have left on the disk
 * @param choice what is stored of that which is read
 * @param slabs where captures wait until they are stored
 */
public record PipelineEdges(
        StepWriter store,
        StoreGate gate,
        SpoolDisk disk,
        List<SpoolEntry> spooled,
        ChunkStore chunks,
        SchemaGate schemas,
        Committer committer,
        CaptureChoice choice,
        SlabPool slabs) {}

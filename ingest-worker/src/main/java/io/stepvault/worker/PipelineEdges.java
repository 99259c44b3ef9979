package io.stepvault.worker;

import io.stepvault.worker.assemble.ChunkStore;
import io.stepvault.worker.assemble.SchemaGate;
import io.stepvault.worker.batch.CaptureChoice;
import io.stepvault.worker.commit.Committer;
import io.stepvault.worker.spool.SpoolDisk;
import io.stepvault.worker.spool.SpoolEntry;
import io.stepvault.worker.store.StepWriter;
import io.stepvault.worker.store.StoreGate;
import java.util.List;

/**
 * The I/O that the pipeline is wired to.
 *
 * @param spooled what earlier runs have left on the disk
 * @param choice what is stored of that which is read
 */
public record PipelineEdges(
        StepWriter store,
        StoreGate gate,
        SpoolDisk disk,
        List<SpoolEntry> spooled,
        ChunkStore chunks,
        SchemaGate schemas,
        Committer committer,
        CaptureChoice choice) {}

package io.stepvault.worker.config;

import java.time.Duration;
import java.util.List;

/**
 * What the worker takes in at most. Immutable; safe for any thread.
 *
 * @param memory {@code memory.max.bytes}: captures in memory, all together
 * @param capture {@code capture.max.bytes}: one capture, all artifacts together
 * @param clockSkew {@code clock.skew.max}: how far a capture may lie after its record
 * @param chunks how captures that come in chunks are put together
 */
public record BudgetConfig(ByteSize memory, ByteSize capture, Duration clockSkew, ChunkConfig chunks) {
    /** @throws ConfigException with every value that is not allowed */
    public BudgetConfig {
        new Problems()
                .check(WorkerKeys.MEMORY_MAX_BYTES, memory)
                .check(WorkerKeys.CAPTURE_MAX_BYTES, capture)
                .check(WorkerKeys.CLOCK_SKEW_MAX, clockSkew)
                .addAll(ChunkConfig.roomForOneCapture(chunks.maxBytes(), capture))
                .throwIfAny();
    }

    /** With less, a batch that is still open could keep out the one capture that it waits for: a deadlock. */
    static List<Problem> roomForOneCapture(ByteSize memory, ByteSize capture, ByteSize batch) {
        ByteSize needed = capture.plus(batch);
        if (memory.compareTo(needed) >= 0) {
            return List.of();
        }
        return List.of(new Problem(
                WorkerKeys.MEMORY_MAX_BYTES.name(),
                "'" + memory + "' is less than capture.max.bytes (" + capture + ") and batch.max.bytes (" + batch
                        + ") together; set at least " + needed + ", or lower one of those"));
    }

    /** Whatever the budget is then: it cannot be larger than half of the heap, and must hold these. */
    static List<Problem> captureCarriedByHeap(ByteSize capture, ByteSize batch, ByteSize heap) {
        ByteSize needed = capture.plus(batch);
        if (needed.bytes() <= heap.bytes() / 2) {
            return List.of();
        }
        return List.of(new Problem(
                WorkerKeys.CAPTURE_MAX_BYTES.name(),
                "'" + capture + "' and batch.max.bytes (" + batch + ") together are more than half of the heap ("
                        + (heap.bytes() >> 20) + "MiB), so it cannot carry such a capture; start Java with -Xmx"
                        + heapFor(needed) + "m or more, or lower one of those"));
    }

    /** The heap is no part of the configuration, so this is checked when the worker starts, not by a constructor. */
    static List<Problem> carriedByHeap(ByteSize memory, ByteSize heap) {
        ByteSize carried = ByteSize.ofMiB(heap.bytes() / 2 / (1 << 20));
        if (memory.bytes() <= heap.bytes() / 2) {
            return List.of();
        }
        return List.of(new Problem(
                WorkerKeys.MEMORY_MAX_BYTES.name(),
                "'" + memory + "' is more than half of the heap (" + (heap.bytes() >> 20) + "MiB); start Java with -Xmx"
                        + heapFor(memory) + "m or more, or set memory.max.bytes to " + carried
                        + " or less (and capture.max.bytes and batch.max.bytes so that both fit into it)"));
    }

    /** In MiB. Some collectors report up to a tenth less than -Xmx as the heap. */
    private static long heapFor(ByteSize memory) {
        long mib = (memory.bytes() >> 20) + 1;
        return (mib * 22 + 639) / 640 * 64;
    }
}

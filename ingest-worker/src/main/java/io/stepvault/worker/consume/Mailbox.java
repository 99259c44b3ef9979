package io.stepvault.worker.consume;

import io.stepvault.worker.flow.PipelineThread;
import java.time.Duration;

/**
 * Tasks for the pipeline's thread, in the order in which they came. Any thread may add; only the pipeline's thread runs
 * them. How the pipeline waits is decided here and nowhere else, so that a simulation can let everybody else go on
 * meanwhile.
 */
public interface Mailbox extends PipelineThread {
    /** Runs the tasks that are there. */
    void runAll();

    /**
     * Waits for a task, and runs what is there.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    void awaitAndRun(Duration atMost) throws InterruptedException;
}

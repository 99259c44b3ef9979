package io.stepvault.worker.flow;

import java.time.Clock;
import java.util.concurrent.Executor;

/**
 * The one thread on which the pipeline lives, as its stages see it: what time it is, and a way back for answers that
 * arrive elsewhere. In production it is the consumer's thread; a simulation brings its own.
 */
public interface PipelineThread extends Executor {
    /** The clock by which the pipeline goes. */
    Clock clock();

    /** Runs a task on the pipeline's thread, soon and in the order of the calls. May be called from any thread. */
    @Override
    void execute(Runnable task);
}

package io.stepvault.worker.consume;

import io.stepvault.worker.flow.PipelineThread;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Tasks for the pipeline's thread, in the order in which they came. Any thread may add; only the pipeline's thread runs
 * them.
 */
public final class Mailbox implements PipelineThread {
    private final Clock clock;
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

    /** An empty mailbox. */
    public Mailbox(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    /** Runs the tasks that are there. */
    void runAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /**
     * Waits for a task, and runs what is there.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    void awaitAndRun(Duration atMost) throws InterruptedException {
        @Nullable Runnable task = tasks.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
        if (task != null) {
            task.run();
            runAll();
        }
    }
}

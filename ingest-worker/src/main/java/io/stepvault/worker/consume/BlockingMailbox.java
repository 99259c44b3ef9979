package io.stepvault.worker.consume;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A mailbox of which the pipeline's thread waits by blocking. */
public final class BlockingMailbox implements Mailbox {
    private final Clock clock;
    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

    /** An empty mailbox. */
    public BlockingMailbox(Clock clock) {
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

    @Override
    public void runAll() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Override
    public void awaitAndRun(Duration atMost) throws InterruptedException {
        @Nullable Runnable task = tasks.poll(atMost.toNanos(), TimeUnit.NANOSECONDS);
        if (task != null) {
            task.run();
            runAll();
        }
    }
}

package io.stepvault.storage;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads that a store works with: those of the options, or its own, which are ended on close. Tasks that were
 * handed over before still run. All are daemons.
 */
record StoreThreads(Executor executor, ScheduledExecutorService scheduler, Runnable end) implements AutoCloseable {
    // Enough to keep a disk busy with fsyncs; hashing alone would need one per core.
    private static final int THREADS = 16;

    static StoreThreads of(StoreOptions options) {
        ExecutorService ownExecutor = options.executor().isPresent() ? null : newExecutor();
        ScheduledExecutorService ownScheduler = options.scheduler().isPresent() ? null : newScheduler();
        return new StoreThreads(
                ownExecutor != null ? ownExecutor : options.executor().orElseThrow(),
                ownScheduler != null ? ownScheduler : options.scheduler().orElseThrow(),
                () -> {
                    if (ownExecutor != null) {
                        ownExecutor.shutdown();
                    }
                    if (ownScheduler != null) {
                        ownScheduler.shutdown();
                    }
                });
    }

    private static ExecutorService newExecutor() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), daemons("stepvault-store-"));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private static ScheduledExecutorService newScheduler() {
        return new ScheduledThreadPoolExecutor(1, daemons("stepvault-store-retry-"));
    }

    static ThreadFactory daemons(String prefix) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    @Override
    public void close() {
        end.run();
    }
}

package io.stepvault.devkit;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns the end of the process (Ctrl-C, SIGTERM) into an interrupt of the thread that made this, and holds the process
 * until that thread has cleaned up and closed this. Closed by the thread that made it.
 */
final class InterruptOnShutdown implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch cleanedUp = new CountDownLatch(1);
    private final Thread hook;

    private InterruptOnShutdown(Thread watched, int exitCode) {
        hook = new Thread(
                () -> {
                    requested.countDown();
                    watched.interrupt();
                    try {
                        boolean inTime = cleanedUp.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                        System.out.flush();
                        System.err.flush();
                        if (inTime) {
                            // The only way to choose the exit code once the JVM has begun to end.
                            Runtime.getRuntime().halt(exitCode);
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "stepvault-stop");
    }

    /**
     * Watches over the calling thread.
     *
     * @param exitCode the process' exit code once that thread has cleaned up
     */
    static InterruptOnShutdown ofThisThread(int exitCode) {
        InterruptOnShutdown watch = new InterruptOnShutdown(Thread.currentThread(), exitCode);
        Runtime.getRuntime().addShutdownHook(watch.hook);
        return watch;
    }

    /** Whether the process was asked to end: then whatever fails may have failed for that. */
    boolean isRequested() {
        return requested.getCount() == 0;
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            cleanedUp.countDown(); // the process is ending: the hook may go on
        }
    }
}

package io.stepvault.worker.cli;

import java.util.function.IntSupplier;

/**
 * Stops a command in an orderly way on SIGTERM and Ctrl-C, and ends the process with the exit code of that: the JVM by
 * itself would end with 143 or 130, which service managers take for a crash. Closing it takes that back.
 */
final class GracefulStop implements AutoCloseable {
    private final Thread hook;

    /** Has {@code stop} called when the process is asked to end; it says the exit code. */
    GracefulStop(IntSupplier stop) {
        hook = new Thread(
                () -> {
                    int exitCode = stop.getAsInt();
                    System.err.flush();
                    System.out.flush();
                    // The only way to choose the exit code once the JVM has begun to end.
                    Runtime.getRuntime().halt(exitCode);
                },
                "stepvault-stop");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            awaitEnd();
        }
    }

    /** The process is ending by that hook: whoever comes here must not end it with another code first. */
    private void awaitEnd() {
        try {
            hook.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.stepvault.devkit;

import io.stepvault.embedded.EmbeddedServerException;
import io.stepvault.worker.cli.CommandFailure;

/** What an embedded server's failure means to whoever ran the command. Stateless; safe for any thread. */
final class Failures {
    private Failures() {}

    /**
     * Its own words, and the options that mend it.
     *
     * @throws InterruptedException if it failed since the command was asked to end
     */
    static CommandFailure ofServer(EmbeddedServerException failure, String mend) throws InterruptedException {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException) {
                throw new InterruptedException(failure.getMessage());
            }
        }
        return CommandFailure.couldNotRun(failure.getMessage() + mend, failure);
    }
}

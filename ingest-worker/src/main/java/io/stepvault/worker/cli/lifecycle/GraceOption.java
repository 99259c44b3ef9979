package io.stepvault.worker.cli.lifecycle;

import io.stepvault.storage.SessionLifecycle;
import io.stepvault.worker.cli.CommandFailure;
import io.stepvault.worker.config.DurationText;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How long what nobody can read is left alone. */
final class GraceOption {
    @Option(
            names = "--grace",
            paramLabel = "TIME",
            description = "How long artifacts without a commit record, and uploads that are not finished, must not have"
                    + " been written (default: ${DEFAULT-VALUE}; at least 2d).")
    private String grace = "3d";

    Duration duration() {
        Duration duration = Ages.duration("--grace", grace);
        if (duration.compareTo(SessionLifecycle.MIN_GRACE) < 0) {
            throw CommandFailure.usage("--grace: '" + grace + "' is not allowed; expected "
                    + DurationText.format(SessionLifecycle.MIN_GRACE) + " or more");
        }
        return duration;
    }
}

package io.stepvault.worker.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import io.stepvault.worker.cli.terminal.Amounts;
import java.io.IOException;
import java.time.Duration;

/**
 * What came of publishing a crawl.
 *
 * @param sessions how many sessions it has
 * @param steps how many steps it has
 * @param acknowledged how many of them the brokers have
 * @param failed how many could not be read, or were refused
 * @param bytes the bytes of those that the brokers have
 * @param took from start to end
 */
record PublishSummary(int sessions, long steps, long acknowledged, long failed, long bytes, Duration took) {

    /** What neither failed nor was acknowledged. */
    private long left() {
        return steps - acknowledged - failed;
    }

    String text() {
        return "published " + Amounts.count(steps - failed - left(), "step") + " of "
                + Amounts.count(sessions, "session") + ", " + Amounts.bytes(bytes) + " in " + Amounts.duration(took)
                + "; acknowledged " + acknowledged + ", failed " + failed
                + (left() == 0 ? "" : ", not acknowledged " + left());
    }

    void json(JsonGenerator fields) throws IOException {
        fields.writeNumberField("sessions", sessions);
        fields.writeNumberField("steps", steps);
        fields.writeNumberField("acknowledged", acknowledged);
        fields.writeNumberField("failed", failed);
        fields.writeNumberField("not_acknowledged", left());
        fields.writeNumberField("bytes", bytes);
        fields.writeNumberField("milliseconds", took.toMillis());
    }

    int exitCode() {
        return acknowledged == steps ? ExitCode.DONE : ExitCode.PROBLEMS;
    }
}

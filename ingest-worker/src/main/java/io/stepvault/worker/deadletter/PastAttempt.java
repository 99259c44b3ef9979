package io.stepvault.worker.deadletter;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One time that a record went through the pipeline and became a dead letter. Immutable; safe for any thread.
 *
 * @param at when it became one, to the millisecond
 * @param reason the code of why
 * @param topic where the record lay
 * @param partition its partition there
 * @param offset its offset there
 */
public record PastAttempt(Instant at, String reason, String topic, int partition, long offset) {
    private static final Pattern LINE =
            Pattern.compile("(\\S{20,40}) ([a-z0-9-]{1,64}) ([A-Za-z0-9._-]{1,249})-(\\d{1,10})@(\\d{1,19})");

    /** {@code 2026-11-22T08:00:00.123Z undecodable step-captures-3@1234}. */
    @Override
    public String toString() {
        return at + " " + reason + " " + topic + "-" + partition + "@" + offset;
    }

    /** What {@link #toString} wrote; empty for anything else. */
    static Optional<PastAttempt> parse(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new PastAttempt(
                    Instant.parse(parts.group(1)),
                    parts.group(2),
                    parts.group(3),
                    Integer.parseInt(parts.group(4)),
                    Long.parseLong(parts.group(5))));
        } catch (DateTimeException | NumberFormatException e) {
            return Optional.empty(); // not ours
        }
    }
}

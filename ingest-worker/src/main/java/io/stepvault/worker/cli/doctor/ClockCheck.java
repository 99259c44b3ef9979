package io.stepvault.worker.cli.doctor;

import io.stepvault.storage.s3.S3Location;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.config.WorkerConfig;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Compares this machine's clock with the store's, which tells its own in each answer (RFC 9110, section 6.6.1). S3
 * refuses signatures whose time is 15 minutes off. Used by one thread.
 */
final class ClockCheck {
    private static final String SUBJECT = "clock";
    private static final String MEND = "synchronize the clock (NTP)";
    private static final URI AWS = URI.create("https://s3.amazonaws.com/");
    private static final Duration NOTICEABLE = Duration.ofSeconds(30);
    private static final Duration REFUSED = Duration.ofMinutes(15);
    private static final int TIMEOUT_MS = 5_000;

    private final Clock clock;

    ClockCheck(Clock clock) {
        this.clock = clock;
    }

    Finding look(WorkerConfig config) {
        URI store = config.store().uri();
        if (!"s3".equalsIgnoreCase(store.getScheme())) {
            return Finding.ok(SUBJECT, clock.instant() + "; there is no other clock to compare it with");
        }
        try {
            URI server = S3Location.parse(store).endpoint().orElse(AWS);
            return dateOf(server)
                    .map(date -> compare(date, server.getHost()))
                    .orElseGet(() ->
                            Finding.ok(SUBJECT, clock.instant() + "; " + server.getHost() + " does not tell its own"));
        } catch (IOException | IllegalArgumentException e) {
            return Finding.ok(SUBJECT, clock.instant() + "; cannot be compared, since the store does not answer");
        }
    }

    private Finding compare(Instant theirs, String host) {
        Duration ahead = Duration.between(theirs, clock.instant());
        String detail = Amounts.duration(ahead.abs()) + (ahead.isNegative() ? " behind " : " ahead of ") + host;
        if (ahead.abs().compareTo(REFUSED) >= 0) {
            return Finding.fail(SUBJECT, detail + ", which S3 refuses", MEND);
        }
        return ahead.abs().compareTo(NOTICEABLE) >= 0
                ? Finding.warn(SUBJECT, detail, MEND)
                : Finding.ok(SUBJECT, "agrees with " + host + " to " + NOTICEABLE.toSeconds() + " s");
    }

    /** Any answer will do, also one that refuses the question. */
    private static Optional<Instant> dateOf(URI server) throws IOException {
        if (!(server.toURL().openConnection() instanceof HttpURLConnection connection)) {
            return Optional.empty();
        }
        connection.setRequestMethod("HEAD");
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout(TIMEOUT_MS);
        connection.setReadTimeout(TIMEOUT_MS);
        try {
            connection.getResponseCode();
            long date = connection.getDate();
            return date == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(date));
        } finally {
            connection.disconnect();
        }
    }
}

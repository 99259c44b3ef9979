package io.stepvault.storage.s3;

import io.stepvault.storage.s3.wire.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The time as the store has it. S3 refuses requests that are signed more than 15 minutes off; a machine whose clock is
 * wrong learns from the refusal how wrong. Safe for any thread.
 */
final class ServerClock {
    /** A clock that is off by less is not why a request was refused. */
    private static final Duration TOLERATED = Duration.ofMinutes(4);

    private final InstantSource own;
    private volatile Duration offset = Duration.ZERO;

    ServerClock(InstantSource own) {
        this.own = own;
    }

    Instant instant() {
        return own.instant().plus(offset);
    }

    /** Whether a refusal says that the time was wrong. From now on it is the server's. */
    boolean learns(Answer refusal) {
        if ((refusal.status() != 403 && refusal.status() != 401)
                || refusal.time().isEmpty()) {
            return false;
        }
        Duration off = Duration.between(instant(), refusal.time().get());
        if (off.abs().compareTo(TOLERATED) < 0) {
            return false;
        }
        offset = Duration.between(own.instant(), refusal.time().get());
        return true;
    }
}

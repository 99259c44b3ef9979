package io.stepvault.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.storage.s3.wire.Answer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerClockTest {
    private static final Instant OWN = Instant.parse("2026-11-20T08:00:00Z");

    private final ServerClock clock = new ServerClock(InstantSource.fixed(OWN));

    private static Answer refusal(int status, Instant time) {
        return new Answer(status, "", Optional.empty(), Optional.of(time), "");
    }

    @Test
    void takesTheServersTimeWhenItWasRefusedFarFromIt() {
        Instant server = OWN.minus(Duration.ofHours(2));

        assertThat(clock.learns(refusal(403, server))).isTrue();
        assertThat(clock.instant()).isEqualTo(server);
        assertThat(clock.learns(refusal(403, server))).as("again").isFalse();
        assertThat(clock.learns(refusal(403, OWN))).as("mended").isTrue();
        assertThat(clock.instant()).isEqualTo(OWN);
    }

    @Test
    void keepsItsOwnOtherwise() {
        assertThat(clock.learns(refusal(403, OWN.plus(Duration.ofMinutes(3))))).isFalse();
        assertThat(clock.learns(refusal(500, OWN.plus(Duration.ofDays(1))))).isFalse();
        assertThat(clock.learns(new Answer(403, "", Optional.empty(), Optional.empty(), "")))
                .isFalse();
        assertThat(clock.instant()).isEqualTo(OWN);
    }
}

package io.stepvault.worker.simulation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The one clock of a simulation. */
final class SimulatedClock extends Clock {
    static final Instant START = Instant.parse("2026-11-20T08:00:00Z");

    private Instant now = START;

    void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("the simulation goes by UTC");
    }
}

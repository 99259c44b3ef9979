package io.stepvault.worker.simulation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What happened, for whoever has to understand a failure. */
final class Trace {
    private final Clock clock;
    private final List<Line> lines = new ArrayList<>();

    private record Line(Instant time, String what) {
        @Override
        public String toString() {
            Duration since = Duration.between(SimulatedClock.START, time);
            return String.format("%9.3f  %s", since.toMillis() / 1000.0, what);
        }
    }

    Trace(Clock clock) {
        this.clock = clock;
    }

    void add(String what) {
        lines.add(new Line(clock.instant(), what));
    }

    @Override
    public String toString() {
        return lines.stream().map(Line::toString).collect(Collectors.joining("\n"));
    }
}

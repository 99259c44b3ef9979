package io.stepvault.worker.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Instant now = Instant.EPOCH;

    private final Clock clock = new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    };

    @Test
    void printsALineEveryFewSecondsWhereThereIsNoTerminal() {
        ProgressDisplay display = display(false);

        for (int step = 0; step <= 12; step++) {
            display.update(progress(step));
            now = now.plusSeconds(1);
        }
        display.end(progress(12));

        assertThat(printed().lines()).hasSize(2).allMatch(line -> line.contains("/12 steps"));
        assertThat(printed()).doesNotContain("\r");
    }

    @Test
    void drawsTheBarAnewOnATerminal() {
        ProgressDisplay display = display(true);

        display.update(progress(1));
        display.update(progress(2)); // too soon
        now = now.plusMillis(200);
        display.update(progress(3));
        display.note("not published: a/b");
        display.end(progress(12));

        assertThat(printed()).contains("1/12", "3/12", "12/12").doesNotContain(" 2/12");
        assertThat(printed()).containsPattern("\r +\rnot published: a/b\\R").endsWith("\n");
    }

    private ProgressDisplay display(boolean terminal) {
        return new ProgressDisplay(new Console(
                new ByteArrayOutputStream(), err, new Console.Kind(terminal, terminal, 80), Map.of(), clock));
    }

    private static Progress progress(int step) {
        return new Progress("steps", step, 12, step, 12, Duration.ofSeconds(1));
    }

    private String printed() {
        return err.toString(StandardCharsets.UTF_8);
    }
}

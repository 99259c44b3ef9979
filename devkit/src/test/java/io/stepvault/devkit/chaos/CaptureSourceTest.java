package io.stepvault.devkit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.capture.CaptureRules;
import io.stepvault.devkit.readback.StepRevision;
import java.time.Instant;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CaptureSourceTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
    private static final int CHUNK_BYTES = 900 << 10;

    private final CaptureSource source = new CaptureSource(7, NOON);

    @Test
    void makesTheSameCaptureAgain() {
        assertThat(source.capture(4_711)).isEqualTo(new CaptureSource(7, NOON).capture(4_711));
        assertThat(source.capture(4_711)).isNotEqualTo(new CaptureSource(8, NOON).capture(4_711));
    }

    @Test
    void everyCaptureIsAStepOfItsOwn() {
        assertThat(LongStream.range(0, 1_000)
                        .mapToObj(source::capture)
                        .map(StepRevision::of)
                        .map(step -> step.sessionId() + "/" + step.stepId()))
                .doesNotHaveDuplicates();
    }

    @Test
    void someAreLargeEnoughForChunks() {
        assertThat(LongStream.range(0, 300).mapToObj(source::capture).map(CaptureRules::bytesOf))
                .anyMatch(bytes -> bytes > CHUNK_BYTES)
                .allMatch(bytes -> bytes < 4 << 20);
    }
}

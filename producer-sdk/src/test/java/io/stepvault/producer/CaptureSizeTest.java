package io.stepvault.producer;

import static io.stepvault.producer.CaptureBuilder.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.stepvault.event.StepCapture;
import io.stepvault.wire.SingleObjectCodec;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class CaptureSizeTest {
    private static final int TIME_AND_NUMBER_SLACK = 18;

    private final SingleObjectCodec<StepCapture> codec = SingleObjectCodec.stepCaptures();

    @Property(tries = 300)
    void isTheEncodedSizeButForTheNumbers(
            @ForAll("texts") String session,
            @ForAll("texts") String url,
            @ForAll("texts") String action,
            @ForAll @IntRange(max = 20_000) int htmlBytes,
            @ForAll @Size(max = 5) Map<@From("texts") String, @IntRange(max = 300) Integer> attachments) {
        CaptureBuilder builder =
                aStep().inSession(session).withUrl(url).withAction(action).withHtmlOf(htmlBytes);
        attachments.forEach(
                (name, bytes) -> builder.withAttachment(name, new byte[bytes]).withLabel(name, name));
        StepCapture capture = builder.build();

        long size = CaptureSize.of(capture);

        assertThat(size - codec.encode(capture).length).isBetween(0L, (long) TIME_AND_NUMBER_SLACK);
    }

    @Example
    void isExactForTheLargestNumber() {
        StepCapture capture = aStep().numbered(Long.MAX_VALUE).build();

        // The capture time takes eight bytes in our days; ten are counted.
        assertThat(CaptureSize.of(capture)).isEqualTo(codec.encode(capture).length + 2);
    }

    @Property(tries = 300)
    void refusesTheTextsThatTheEncoderRefuses(@ForAll String text) {
        StepCapture capture = aStep().withUrl(text).build();

        Throwable encoding = catchThrowable(() -> codec.encode(capture));
        Throwable sizing = catchThrowable(() -> CaptureSize.of(capture));

        assertThat(sizing == null).isEqualTo(encoding == null);
    }

    @Example
    void refusesHalfAPair() {
        assertThatThrownBy(() -> CaptureSize.of(aStep().withUrl("\ud83d").build()))
                .hasMessageContaining("surrogate");
        assertThatThrownBy(() -> CaptureSize.of(aStep().withUrl("\ude00\ud83d").build()))
                .hasMessageContaining("surrogate");
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                        Arbitraries.strings().all().ofMaxLength(200),
                        Arbitraries.strings().ascii().ofMaxLength(200),
                        Arbitraries.of("\ud83d\ude00 page", "é", ""))
                .map(CaptureSizeTest::valid);
    }

    private static String valid(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}

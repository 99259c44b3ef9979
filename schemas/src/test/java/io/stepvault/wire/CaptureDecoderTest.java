package io.stepvault.wire;

import static io.stepvault.capture.testing.StepBuilder.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.capture.Rejection;
import io.stepvault.capture.Rejection.Reason;
import io.stepvault.event.StepCapture;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CaptureDecoderTest {
    private final CaptureDecoder decoder = CaptureDecoder.withoutRegistry();

    @Property
    void decodesSingleObjects(@ForAll StepCapture capture) {
        byte[] value = SingleObjectCodec.stepCaptures().encode(capture);

        assertThat(decoder.decode(value)).isEqualTo(new DecodeResult.Decoded(capture));
    }

    @Property
    void throwsNothing(@ForAll byte[] value) {
        assertThat(decoder.decode(value)).isNotNull();
    }

    @Test
    void missingValueIsSaidSo() {
        assertThat(reasonFor(null)).isEqualTo(Reason.NULL_VALUE);
    }

    @Test
    void emptyValueIsUndecodable() {
        assertThat(reasonFor(new byte[0])).isEqualTo(Reason.UNDECODABLE);
    }

    @Test
    void confluentFormatNeedsARegistry() {
        assertThat(reasonFor(new byte[] {0, 0, 0, 0, 1, 2})).isEqualTo(Reason.UNKNOWN_SCHEMA);
        assertThat(reasonFor(new byte[] {0})).isEqualTo(Reason.UNDECODABLE);
    }

    @Test
    void firstByteTellsTheFormat() {
        List<ByteBuffer> seen = new ArrayList<>();
        DecodeResult answer = new DecodeResult.Undecodable(new Rejection(Reason.UNKNOWN_SCHEMA, "of the registry"));
        CaptureDecoder withRegistry = new CaptureDecoder(value -> {
            seen.add(value);
            return answer;
        });

        for (int first = 0; first < 256; first++) {
            byte[] value = {(byte) first, 1, 2, 3};
            DecodeResult result = withRegistry.decode(value);
            if (first == 0) {
                assertThat(result).isSameAs(answer);
                assertThat(seen).containsExactly(ByteBuffer.wrap(value));
            } else {
                assertThat(result).isInstanceOf(DecodeResult.Undecodable.class);
            }
        }
        assertThat(seen).hasSize(1);
    }

    @Test
    void reasonsOfTheCodecAreKept() {
        byte[] value = SingleObjectCodec.stepCaptures().encode(aStep().build());
        byte[] longer = Arrays.copyOf(value, value.length + 3);

        assertThat(reasonFor(longer)).isEqualTo(Reason.TRAILING_BYTES);
    }

    private Reason reasonFor(byte @Nullable [] value) {
        if (decoder.decode(value) instanceof DecodeResult.Undecodable undecodable) {
            return undecodable.rejection().reason();
        }
        throw new AssertionError("decoded");
    }
}

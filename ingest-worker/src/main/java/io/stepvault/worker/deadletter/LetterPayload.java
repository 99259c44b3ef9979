package io.stepvault.worker.deadletter;

import io.stepvault.event.StepCapture;
import io.stepvault.wire.CaptureDecoder;
import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.DecodeResult;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a dead letter's payload without keeping it. Immutable; safe for any thread.
 *
 * @param bytes the length of its value; empty if it has none
 * @param keyBytes the length of its key; empty if it has none
 * @param session the session's id: from the value if that holds a capture, else the key if that is text; cut after
 *     {@value #MAX_ID} characters
 * @param step the step's id, if the value holds a capture; cut likewise
 * @param isChunk whether the record itself is a chunk of a capture
 */
public record LetterPayload(
        OptionalLong bytes, OptionalInt keyBytes, Optional<String> session, Optional<String> step, boolean isChunk) {
    static final int MAX_ID = 300;

    /** Of a whole value. */
    static LetterPayload of(
            CaptureDecoder decoder, byte @Nullable [] key, byte @Nullable [] value, Iterable<Header> own) {
        Optional<StepCapture> capture = decoder.decode(value) instanceof DecodeResult.Decoded decoded
                ? Optional.of(decoded.capture())
                : Optional.empty();
        return new LetterPayload(
                value == null ? OptionalLong.empty() : OptionalLong.of(value.length),
                key == null ? OptionalInt.empty() : OptionalInt.of(key.length),
                capture.map(StepCapture::getSessionId).map(LetterPayload::cut).or(() -> text(key)),
                capture.map(StepCapture::getStepId).map(LetterPayload::cut),
                isChunk(own));
    }

    /** Of a value that was cut into chunks and is not put together here. */
    static LetterPayload ofChunks(long bytes, byte @Nullable [] key, Iterable<Header> own) {
        return new LetterPayload(
                OptionalLong.of(bytes),
                key == null ? OptionalInt.empty() : OptionalInt.of(key.length),
                text(key),
                Optional.empty(),
                isChunk(own));
    }

    /** Whether these are the headers of a chunk of a capture. */
    static boolean isChunk(Iterable<Header> own) {
        return ChunkFormat.CAPTURES.isChunk(name -> {
            byte[] last = null;
            for (Header header : own) {
                last = header.key().equals(name) ? header.value() : last;
            }
            return last;
        });
    }

    private static Optional<String> text(byte @Nullable [] key) {
        if (key == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(cut(StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(key))
                    .toString()));
        } catch (CharacterCodingException e) {
            return Optional.empty(); // no text
        }
    }

    private static String cut(String id) {
        return id.length() <= MAX_ID ? id : id.substring(0, MAX_ID);
    }
}

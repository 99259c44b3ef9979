package io.stepvault.producer;

import io.stepvault.event.StepCapture;
import io.stepvault.wire.CaptureDecoder;
import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.ChunkFormat.Parsed;
import io.stepvault.wire.ChunkHeader;
import io.stepvault.wire.DecodeResult;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Reads captures from the records of one partition, in their order, as a worker does: puts chunks together, and passes
 * over those that come again.
 */
final class RecordReader {
    private final CaptureDecoder decoder;
    private final Map<UUID, ByteArrayOutputStream> sets = new HashMap<>();
    private final Map<UUID, Integer> next = new HashMap<>();
    private int chunks;

    RecordReader() {
        this(CaptureDecoder.withoutRegistry());
    }

    RecordReader(CaptureDecoder decoder) {
        this.decoder = decoder;
    }

    /** The capture that is whole with this record, if one is. */
    Optional<StepCapture> read(Headers headers, byte[] value) {
        ChunkFormat.Lookup lookup = name -> value(headers.lastHeader(name));
        if (!ChunkFormat.CAPTURES.isChunk(lookup)) {
            return Optional.of(decode(value));
        }
        chunks++;
        ChunkHeader chunk = ((Parsed.Chunk) ChunkFormat.CAPTURES.parse(lookup)).header();
        int expected = next.getOrDefault(chunk.id(), 0);
        if (chunk.index() > expected) {
            throw new AssertionError("chunk " + chunk.index() + " came before chunk " + expected);
        }
        if (chunk.index() < expected) {
            return Optional.empty();
        }
        next.put(chunk.id(), expected + 1);
        ByteArrayOutputStream set = sets.computeIfAbsent(chunk.id(), id -> new ByteArrayOutputStream());
        set.writeBytes(value);
        return chunk.isLast() ? Optional.of(decode(whole(set.toByteArray(), chunk))) : Optional.empty();
    }

    /** How many of the records were chunks. */
    int chunks() {
        return chunks;
    }

    private StepCapture decode(byte[] value) {
        return ((DecodeResult.Decoded) decoder.decode(value)).capture();
    }

    private static byte[] whole(byte[] bytes, ChunkHeader header) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        if (bytes.length != header.totalBytes() || crc.getValue() != header.crc32c()) {
            throw new AssertionError("the chunks do not make up the whole");
        }
        return bytes;
    }

    private static byte @Nullable [] value(@Nullable Header header) {
        return header == null ? null : header.value();
    }
}

package io.stepvault.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link ChunkHeader} is written in the headers of a Kafka record, and read strictly from those of a stranger's:
 * five headers, each with one way to write it, whose names are a prefix and
 *
 * <ul>
 *   <li>{@code id}: the set's id, 16 bytes
 *   <li>{@code index}, {@code count}, {@code bytes}: decimal digits in ASCII, without sign or leading zeros
 *   <li>{@code crc32c}: 8 lower-case hex digits in ASCII
 * </ul>
 *
 * <p>Knows nothing of Kafka. Immutable; safe for any thread.
 */
public final class ChunkFormat {
    /** Captures on their topic. */
    public static final ChunkFormat CAPTURES = new ChunkFormat("stepvault-chunk-");

    /**
     * Dead letters on theirs. A name of its own, since a dead letter keeps the headers of its record, and that may have
     * been a chunk.
     */
    public static final ChunkFormat DEAD_LETTERS = new ChunkFormat("stepvault-dead-letter-chunk-");

    private static final int ID_BYTES = 16;
    private static final int CRC_DIGITS = 8;
    private static final HexFormat HEX = HexFormat.of();

    private final String id;
    private final String index;
    private final String count;
    private final String bytes;
    private final String crc32c;
    private final List<String> names;

    private ChunkFormat(String prefix) {
        this.id = prefix + "id";
        this.index = prefix + "index";
        this.count = prefix + "count";
        this.bytes = prefix + "bytes";
        this.crc32c = prefix + "crc32c";
        this.names = List.of(id, index, count, bytes, crc32c);
    }

    /** The headers of a record. */
    @FunctionalInterface
    public interface Lookup {
        /** The value of the header of this name, the last one if there are several; null if there is none. */
        byte @Nullable [] value(String name);
    }

    /** What the headers of a chunk hold. */
    public sealed interface Parsed {
        /** All is well. */
        record Chunk(ChunkHeader header) implements Parsed {}

        /**
         * They are missing in part, break the format or contradict each other: the record can never be part of a set.
         *
         * @param detail one sentence for a person; shows nothing of the values
         */
        record Invalid(String detail) implements Parsed {}
    }

    /** The names of the five headers. */
    public List<String> names() {
        return names;
    }

    /** Whether a record says that it is a chunk: it has at least one of the headers, whatever that holds. */
    public boolean isChunk(Lookup headers) {
        for (String name : names) {
            if (headers.value(name) != null) {
                return true;
            }
        }
        return false;
    }

    /** Reads the headers of a record for which {@link #isChunk} holds. Throws nothing. */
    public Parsed parse(Lookup headers) {
        try {
            return new Parsed.Chunk(new ChunkHeader(
                    uuid(headers),
                    (int) number(index, headers, Integer.MAX_VALUE),
                    (int) number(count, headers, Integer.MAX_VALUE),
                    number(bytes, headers, Long.MAX_VALUE),
                    crc(headers)));
        } catch (IllegalArgumentException e) {
            return new Parsed.Invalid(String.valueOf(e.getMessage()));
        }
    }

    /** The headers of a chunk, by name. */
    public SortedMap<String, byte[]> write(ChunkHeader chunk) {
        return new TreeMap<>(Map.of(
                id,
                ByteBuffer.allocate(ID_BYTES)
                        .putLong(chunk.id().getMostSignificantBits())
                        .putLong(chunk.id().getLeastSignificantBits())
                        .array(),
                index,
                ascii(Integer.toString(chunk.index())),
                count,
                ascii(Integer.toString(chunk.count())),
                bytes,
                ascii(Long.toString(chunk.totalBytes())),
                crc32c,
                ascii(HEX.toHexDigits(chunk.crc32c(), CRC_DIGITS))));
    }

    private UUID uuid(Lookup headers) {
        byte[] value = present(id, headers);
        if (value.length != ID_BYTES) {
            throw new IllegalArgumentException(
                    "header " + id + " has " + value.length + " bytes; expected " + ID_BYTES);
        }
        ByteBuffer halves = ByteBuffer.wrap(value);
        return new UUID(halves.getLong(), halves.getLong());
    }

    private static long number(String name, Lookup headers, long max) {
        byte[] digits = present(name, headers);
        long number = 0;
        for (byte digit : digits) {
            int value = digit - '0';
            if (value < 0 || value > 9 || number > (max - value) / 10) {
                throw notANumber(name, max);
            }
            number = 10 * number + value;
        }
        if (digits.length == 0 || (digits[0] == '0' && digits.length > 1)) {
            throw notANumber(name, max);
        }
        return number;
    }

    private static IllegalArgumentException notANumber(String name, long max) {
        return new IllegalArgumentException("header " + name
                + " is not a number in decimal digits, without sign or leading zeros, of at most " + max);
    }

    private long crc(Lookup headers) {
        byte[] digits = present(crc32c, headers);
        long crc = 0;
        for (byte digit : digits) {
            boolean hex = (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
            if (!hex || digits.length != CRC_DIGITS) {
                throw notACrc();
            }
            crc = crc << 4 | HexFormat.fromHexDigit(digit);
        }
        if (digits.length == 0) {
            throw notACrc();
        }
        return crc;
    }

    private IllegalArgumentException notACrc() {
        return new IllegalArgumentException("header " + crc32c + " is not " + CRC_DIGITS + " lower-case hex digits");
    }

    private static byte[] present(String name, Lookup headers) {
        byte[] value = headers.value(name);
        if (value == null) {
            throw new IllegalArgumentException("header " + name + " is missing; a chunk has all five");
        }
        return value;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

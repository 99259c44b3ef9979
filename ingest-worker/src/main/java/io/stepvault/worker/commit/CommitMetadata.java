package io.stepvault.worker.commit;

import io.stepvault.worker.flow.OffsetRuns;
import io.stepvault.worker.flow.OffsetRuns.Run;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.kafka.common.Uuid;

/**
 * What is settled beyond a committed offset, as text for Kafka's offset metadata: base64url (RFC 4648, section 5)
 * without padding, over
 *
 * <table>
 * <caption>Version 1</caption>
 * <tr><td>1 byte</td><td>version, 1</td></tr>
 * <tr><td>16 bytes</td><td>id of the topic, big-endian</td></tr>
 * <tr><td>varint</td><td>base: the offset that this metadata is committed with</td></tr>
 * <tr><td>2 varints, repeated</td><td>offsets that are not settled, then offsets that are; from the base on</td></tr>
 * <tr><td>4 bytes</td><td>CRC-32C of all before, big-endian</td></tr>
 * </table>
 *
 * where a varint is unsigned LEB128 in as few bytes as it takes, and no length is 0. So one set of offsets has one
 * text, and any other text is not valid but the empty one, which other programs commit: nothing is settled then, and of
 * which topic the offset is remains unknown. Stateless; safe for any thread.
 */
public final class CommitMetadata {
    /** What an untouched broker takes is 4,096 bytes ({@code offset.metadata.max.bytes}). */
    public static final int MAX_CHARACTERS = 4000;

    private static final byte VERSION = 1;
    private static final int MAX_BYTES = MAX_CHARACTERS / 4 * 3;
    private static final long BYTES_BESIDE_OFFSETS = 1 + 16 + Integer.BYTES;
    private static final int MAX_VARINT_BYTES = 9; // of a positive long

    private CommitMetadata() {}

    /**
     * The metadata, or empty if the runs do not fit.
     *
     * @param topicId Kafka's id of the topic, in Kafka's own notation
     * @param base the offset to commit, which is not settled itself
     * @throws IllegalArgumentException if a run does not lie above the base, or the topic id is none
     */
    public static Optional<String> encode(String topicId, long base, OffsetRuns done) {
        if (!fits(base, done)) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
        Uuid topic = Uuid.fromString(topicId);
        bytes.put(VERSION).putLong(topic.getMostSignificantBits()).putLong(topic.getLeastSignificantBits());
        putVarint(bytes, base);
        long next = base;
        for (Run run : done.runs()) {
            putVarint(bytes, run.first() - next);
            putVarint(bytes, length(run));
            next = run.last() + 1;
        }
        bytes.putInt(checksum(bytes, bytes.position())).flip();
        byte[] exact = new byte[bytes.remaining()];
        bytes.get(exact);
        return Optional.of(Base64.getUrlEncoder().withoutPadding().encodeToString(exact));
    }

    /**
     * Whether {@link #encode} would give a text. Takes time in the number of runs, no memory, and no longer than it
     * takes to see that there are too many.
     *
     * @throws IllegalArgumentException if a run does not lie above the base
     */
    public static boolean fits(long base, OffsetRuns done) {
        if (!done.isEmpty() && done.runs().get(0).first() <= base) {
            throw new IllegalArgumentException("settled from "
                    + done.runs().get(0).first() + " on, which is not above the offset to commit, " + base);
        }
        long bytes = BYTES_BESIDE_OFFSETS + varintBytes(base);
        long next = base;
        for (Run run : done.runs()) {
            bytes += varintBytes(run.first() - next) + varintBytes(length(run));
            if (bytes > MAX_BYTES) {
                return false;
            }
            next = run.last() + 1;
        }
        return true;
    }

    /**
     * What is settled beyond a committed offset.
     *
     * @param metadata any text: other programs may have committed it
     * @return no offsets for the empty text; empty if the metadata is not valid for this topic and offset, and then is
     *     to be ignored
     * @throws IllegalArgumentException if the topic id is none
     */
    public static Optional<OffsetRuns> decode(String metadata, String topicId, long base) {
        if (metadata.isEmpty()) {
            return Optional.of(OffsetRuns.NONE);
        }
        Uuid topic = Uuid.fromString(topicId);
        if (metadata.length() > MAX_CHARACTERS) {
            return Optional.empty();
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(metadata));
            int end = bytes.limit() - Integer.BYTES;
            if (end < 0 || checksum(bytes, end) != bytes.getInt(end)) {
                return Optional.empty();
            }
            bytes.limit(end);
            boolean ours = bytes.get() == VERSION
                    && bytes.getLong() == topic.getMostSignificantBits()
                    && bytes.getLong() == topic.getLeastSignificantBits()
                    && varint(bytes) == base;
            // Encoding it again finds whatever else could be written in a second way.
            return ours
                    ? Optional.of(runs(bytes, base))
                            .filter(runs -> encode(topicId, base, runs)
                                    .filter(metadata::equals)
                                    .isPresent())
                    : Optional.empty();
        } catch (IllegalArgumentException | BufferUnderflowException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether an offset was certainly committed for another topic of the same name: one that was deleted since. A worker
     * that has not heard of that yet may still commit for it.
     *
     * @param metadata any text: other programs may have committed it
     */
    public static boolean isOfOtherTopic(String metadata, String topicId, long base) {
        return namedTopic(metadata)
                .filter(named -> !named.toString().equals(topicId)
                        && decode(metadata, named.toString(), base).isPresent())
                .isPresent();
    }

    private static Optional<Uuid> namedTopic(String metadata) {
        if (metadata.isEmpty() || metadata.length() > MAX_CHARACTERS) {
            return Optional.empty();
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(metadata));
            bytes.get();
            return Optional.of(new Uuid(bytes.getLong(), bytes.getLong()));
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            return Optional.empty();
        }
    }

    private static OffsetRuns runs(ByteBuffer bytes, long base) {
        List<Run> runs = new ArrayList<>();
        long next = base;
        while (bytes.hasRemaining()) {
            long first = Math.addExact(next, varint(bytes));
            next = Math.addExact(first, varint(bytes));
            runs.add(new Run(first, next - 1));
        }
        return new OffsetRuns(runs);
    }

    private static long length(Run run) {
        return run.last() - run.first() + 1;
    }

    private static int checksum(ByteBuffer bytes, int end) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().limit(end).rewind());
        return (int) crc.getValue();
    }

    private static void putVarint(ByteBuffer bytes, long value) {
        long rest = value;
        while (rest > 0x7F) {
            bytes.put((byte) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        bytes.put((byte) rest);
    }

    private static long varintBytes(long value) {
        return Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7);
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            byte next = bytes.get();
            value |= (next & 0x7FL) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        throw new ArithmeticException("a varint of over " + MAX_VARINT_BYTES + " bytes");
    }
}

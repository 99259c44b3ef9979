package io.stepvault.worker.spool.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * Version 1 of the format of spool files: an Avro object container file (Avro 1.12 specification, "Object Container
 * Files") without compression, with one block for each batch.
 *
 * <table>
 * <caption>A file</caption>
 * <tr><td>{@link #header}</td><td>magic and metadata; but for the number of batches the same bytes in every file of
 * version 1</td></tr>
 * <tr><td>sync marker</td><td>{@value #SYNC_BYTES} random bytes, others in each file</td></tr>
 * <tr><td>block, any number of times</td><td>object count: 1; size of the object in bytes; the object, a batch as {@code
 * spooled-batch.avsc} says; the sync marker</td></tr>
 * </table>
 *
 * <p>The container is written and read by code of our own, since Avro's holds a block twice in memory and a capture may
 * be a quarter of the heap. Immutable; safe for any thread.
 */
final class SpoolFormat {
    static final int SYNC_BYTES = DataFileConstants.SYNC_SIZE;
    static final int CRC_BYTES = 4;

    /** What a batch without captures takes, which is less than any batch. */
    static final int MIN_BATCH_BYTES = CRC_BYTES + 6;

    /** The most that one batch may take: readers of Avro files hold a block in an array. */
    static final long MAX_BATCH_BYTES = Integer.MAX_VALUE - 64L;

    static final String VERSION = "1";

    private static final String VERSION_NAME = "stepvault.spool.version";
    /** In canonical form, so that a better description in the schema does not change the bytes. */
    private static final String SCHEMA = SchemaNormalization.toParsingForm(schema());

    private static final int COUNT_DIGITS = 10;
    private static final byte[] EMPTY_HEADER = encodeHeader(0);

    private SpoolFormat() {}

    /** What a file of so many batches begins with. */
    static byte[] header(int batches) {
        return encodeHeader(batches);
    }

    /** The length of every header. */
    static int headerBytes() {
        return EMPTY_HEADER.length;
    }

    /** Where the first block begins. */
    static long firstBlock() {
        return EMPTY_HEADER.length + (long) SYNC_BYTES;
    }

    /** How many batches a file with this header holds; empty if these bytes are no header of version 1. */
    static OptionalInt batches(byte[] header) {
        // The number stands at the end, before the byte that ends the metadata.
        int start = EMPTY_HEADER.length - 1 - COUNT_DIGITS;
        if (header.length != EMPTY_HEADER.length) {
            return OptionalInt.empty();
        }
        String digits = new String(header, start, COUNT_DIGITS, StandardCharsets.ISO_8859_1);
        if (!digits.matches("0\\d{9}")) {
            return OptionalInt.empty();
        }
        int batches = Integer.parseInt(digits);
        return Arrays.equals(header, encodeHeader(batches)) ? OptionalInt.of(batches) : OptionalInt.empty();
    }

    /**
     * The version that the header of another version names; empty if these bytes, the first of a file, are no header of
     * a spool file at all.
     */
    static Optional<String> version(byte[] beginning) {
        try {
            BinaryDecoder in = DecoderFactory.get().binaryDecoder(beginning, null);
            byte[] magic = new byte[DataFileConstants.MAGIC.length];
            in.readFixed(magic);
            if (!Arrays.equals(magic, DataFileConstants.MAGIC)) {
                return Optional.empty();
            }
            for (long left = in.readMapStart(); left > 0; left = in.mapNext()) {
                for (long i = 0; i < left; i++) {
                    String name = in.readString();
                    byte[] value = bytes(in);
                    if (name.equals(VERSION_NAME)) {
                        return Optional.of(new String(value, StandardCharsets.UTF_8));
                    }
                }
            }
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.empty(); // Avro reports malformed input through many exceptions
        }
    }

    @SuppressWarnings("NullAway") // Avro makes the buffer itself when it is given none to reuse
    private static byte[] bytes(BinaryDecoder in) throws IOException {
        ByteBuffer value = in.readBytes(null);
        byte[] bytes = new byte[value.remaining()];
        value.get(bytes);
        return bytes;
    }

    /** The schema of a batch. */
    static Schema schema() {
        try (InputStream resource = SpoolFormat.class.getResourceAsStream("/io/stepvault/spool/spooled-batch.avsc")) {
            if (resource == null) {
                throw new IllegalStateException("spooled-batch.avsc is missing from the class path");
            }
            return new Schema.Parser().parse(resource);
        } catch (IOException e) {
            throw new UncheckedIOException("spooled-batch.avsc cannot be read", e);
        }
    }

    private static byte[] encodeHeader(int batches) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            out.writeFixed(DataFileConstants.MAGIC);
            out.writeMapStart();
            out.setItemCount(4);

            entry(out, DataFileConstants.SCHEMA, SCHEMA);
            entry(out, DataFileConstants.CODEC, DataFileConstants.NULL_CODEC);
            entry(out, VERSION_NAME, VERSION);
            entry(out, "stepvault.spool.batches", String.format(Locale.ROOT, "%0" + COUNT_DIGITS + "d", batches));
            out.writeMapEnd();
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    private static void entry(BinaryEncoder out, String name, String value) throws IOException {
        out.startItem();
        out.writeString(name);
        out.writeBytes(value.getBytes(StandardCharsets.UTF_8));
    }
}

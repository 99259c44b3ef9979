package io.stepvault.worker.spool.file;

import io.stepvault.worker.flow.SourceRecord;
import io.stepvault.worker.spool.SpooledBatch;
import io.stepvault.worker.spool.SpooledCapture;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches as blocks. A batch is gone through twice: once to know its size and checksum, which come first, and
 * once to write it; so that none is ever held a second time in memory. Stateless; safe for any thread.
 */
final class BatchEncoder {
    private BatchEncoder() {}

    /**
     * A batch whose size and checksum are known.
     *
     * @param bytes of its encoding, the checksum included
     */
    record Measured(SpooledBatch batch, long bytes, int crc) {
        /** What its block takes up in a file. */
        long blockBytes() {
            return varintBytes(1) + varintBytes(bytes) + bytes + SpoolFormat.SYNC_BYTES;
        }
    }

    static Measured measure(SpooledBatch batch) {
        Meter meter = new Meter();
        BinaryEncoder out = EncoderFactory.get().binaryEncoder(meter, null);
        try {
            encode(batch, out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("measuring cannot fail", e);
        }
        return new Measured(batch, SpoolFormat.CRC_BYTES + meter.bytes, (int) meter.crc.getValue());
    }

    static void writeBlock(Measured measured, byte[] sync, OutputStream file) throws IOException {
        BinaryEncoder out = EncoderFactory.get().binaryEncoder(file, null);
        out.writeLong(1);
        out.writeLong(measured.bytes());
        out.writeFixed(ByteBuffer.allocate(SpoolFormat.CRC_BYTES)
                .putInt(measured.crc())
                .array());
        encode(measured.batch(), out);
        out.writeFixed(sync);
        out.flush();
    }

    /** Everything but the checksum, in the order of {@code spooled-batch.avsc}. */
    private static void encode(SpooledBatch batch, Encoder out) throws IOException {
        out.writeString(batch.origin().clusterId());
        out.writeString(batch.origin().partition().topic());
        out.writeString(batch.origin().topicId());
        out.writeInt(batch.origin().partition().partition());
        out.writeString(batch.sessionId());
        out.writeArrayStart();
        out.setItemCount(batch.captures().size());
        for (SpooledCapture capture : batch.captures()) {
            out.startItem();
            encode(capture, out);
        }
        out.writeArrayEnd();
    }

    private static void encode(SpooledCapture capture, Encoder out) throws IOException {
        SourceRecord record = capture.record();
        encode(capture.offsets(), out);
        out.writeLong(record.timestamp());
        optional(buffer(record.key()), out);
        out.writeArrayStart();
        out.setItemCount(record.headers().size());
        for (Header header : record.headers()) {
            out.startItem();
            out.writeString(header.key());
            optional(buffer(header.value()), out);
        }
        out.writeArrayEnd();
        optional(record.valueBuffer(), out);
    }

    private static void encode(List<Long> offsets, Encoder out) throws IOException {
        out.writeArrayStart();
        out.setItemCount(offsets.size());
        for (long offset : offsets) {
            out.startItem();
            out.writeLong(offset);
        }
        out.writeArrayEnd();
    }

    private static @Nullable ByteBuffer buffer(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    private static void optional(@Nullable ByteBuffer bytes, Encoder out) throws IOException {
        if (bytes == null) {
            out.writeIndex(0);
            out.writeNull();
        } else {
            out.writeIndex(1);
            out.writeBytes(bytes);
        }
    }

    /** Bytes of a number that is not negative, as Avro writes it: zigzag, then seven bits to a byte. */
    private static int varintBytes(long number) {
        return Math.max(1, (64 - Long.numberOfLeadingZeros(number << 1) + 6) / 7);
    }

    private static final class Meter extends OutputStream {
        private final CRC32C crc = new CRC32C();
        private long bytes;

        @Override
        public void write(int b) {
            crc.update(b);
            bytes++;
        }

        @Override
        public void write(byte[] from, int offset, int length) {
            crc.update(from, offset, length);
            bytes += length;
        }
    }
}

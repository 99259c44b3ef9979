package io.stepvault.producer;

import io.stepvault.event.StepCapture;
import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.Chunking;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * The records that carry one capture: one, or the chunks of one set. Keeps the serialized capture, and makes each chunk's
 * record, with a copy of its part, when it is asked for. Asked again, it gives the same chunks under the same id.
 *
 * <p>Immutable; safe for any thread.
 */
final class CaptureRecords {
    private final String topic;
    private final byte[] key;
    private final byte[] value;
    private final List<Header> headers;
    private final Optional<Chunking> chunks;

    private CaptureRecords(String topic, byte[] key, CaptureEncoder.Encoded.Value encoded, Optional<Chunking> chunks) {
        this.topic = topic;
        this.key = key;
        this.value = encoded.bytes();
        this.headers = encoded.headers();
        this.chunks = chunks;
    }

    /** Serializes captures for a topic and cuts those that are larger than a chunk. For one thread. */
    record Maker(String topic, int chunkBytes, PatientEncoder encoder) {
        /**
         * Waits while the format's schema registry does not answer.
         *
         * @throws RuntimeException if the capture can never be serialized
         */
        CaptureRecords of(StepCapture capture) throws InterruptedException {
            CaptureEncoder.Encoded.Value encoded = encoder.encode(capture);
            byte[] value = encoded.bytes();
            return new CaptureRecords(
                    topic,
                    capture.getSessionId().getBytes(StandardCharsets.UTF_8),
                    encoded,
                    value.length <= chunkBytes
                            ? Optional.empty()
                            : Optional.of(new Chunking(UUID.randomUUID(), value, chunkBytes)));
        }
    }

    int count() {
        return chunks.map(Chunking::count).orElse(1);
    }

    /** One of the records, from 0. */
    ProducerRecord<byte[], byte[]> get(int index) {
        if (chunks.isEmpty()) {
            return new ProducerRecord<>(topic, null, key, value, headers);
        }
        Chunking chunking = chunks.get();
        ProducerRecord<byte[], byte[]> chunk = new ProducerRecord<>(topic, null, key, chunking.bytes(index), headers);
        ChunkFormat.CAPTURES.write(chunking.header(index)).forEach(chunk.headers()::add);
        return chunk;
    }
}

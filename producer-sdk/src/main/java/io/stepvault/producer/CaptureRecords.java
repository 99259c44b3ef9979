package io.stepvault.producer;

import io.stepvault.event.StepCapture;
import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.Chunking;
import io.stepvault.wire.SingleObjectCodec;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

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
    private final Optional<Chunking> chunks;

    private CaptureRecords(String topic, byte[] key, byte[] value, Optional<Chunking> chunks) {
        this.topic = topic;
        this.key = key;
        this.value = value;
        this.chunks = chunks;
    }

    /** Serializes captures for a topic and cuts those that are larger than a chunk. Safe for any thread. */
    record Maker(String topic, int chunkBytes, SingleObjectCodec<StepCapture> codec) {
        Maker(String topic, int chunkBytes) {
            this(topic, chunkBytes, SingleObjectCodec.stepCaptures());
        }

        /** As {@link SingleObjectCodec#encode}. */
        CaptureRecords of(StepCapture capture) {
            byte[] value = codec.encode(capture);
            return new CaptureRecords(
                    topic,
                    capture.getSessionId().getBytes(StandardCharsets.UTF_8),
                    value,
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
            return new ProducerRecord<>(topic, key, value);
        }
        Chunking chunking = chunks.get();
        ProducerRecord<byte[], byte[]> chunk = new ProducerRecord<>(topic, key, chunking.bytes(index));
        ChunkFormat.CAPTURES.write(chunking.header(index)).forEach(chunk.headers()::add);
        return chunk;
    }
}

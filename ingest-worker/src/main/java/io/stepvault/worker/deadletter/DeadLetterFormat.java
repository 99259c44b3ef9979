package io.stepvault.worker.deadletter;

import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.Chunking;
import io.stepvault.worker.deadletter.LetterHeaders.Omission;
import io.stepvault.worker.flow.DeadLetter;
import io.stepvault.worker.flow.SourceRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * How a dead letter lies on its topic: the source's key and value, its headers, and then the {@link LetterHeaders}. Its
 * records take no more than an untouched broker's 1 MiB each; how, is {@link RecordRoom}'s. The timestamp is left to the
 * producer: it is the time at which the letter was sent. Stateless; safe for any thread.
 */
public final class DeadLetterFormat {
    private DeadLetterFormat() {}

    /**
     * The records that carry a dead letter: one, or one for each chunk, each of at most 1 MiB. The same letter gives the
     * same records, so that readers know repeats. Chunks are copied out of the value as they are asked for; the rest is
     * shared.
     */
    public static List<ProducerRecord<byte[], byte[]>> records(DeadLetter letter, String topic) {
        SourceRecord record = letter.record();
        // These go into ours, one longer.
        List<Header> own = record.headers().stream()
                .filter(header -> !Attempts.owns(header))
                .toList();
        byte[] value = record.value();
        RecordRoom.Fitted fitted = RecordRoom.fit(record.key(), value, own);
        byte[] key = fitted.hasKey() ? record.key() : null;
        Omission omitted =
                new Omission(own.size() - fitted.headers().size(), fitted.hasKey() ? 0 : length(record.key()));
        LetterHeaders ours = LetterHeaders.of(letter, omitted);
        List<Header> headers = new ArrayList<>(fitted.headers());
        headers.addAll(ours.write());
        if (value == null || !fitted.needsChunks(value)) {
            return List.of(record(topic, null, key, value, headers));
        }
        UUID set = setId("dead-letter", ours.source().id(), fitted.chunkBytes());
        return chunks(new Chunking(set, value, fitted.chunkBytes()), ChunkFormat.DEAD_LETTERS, (bytes, which) -> {
            List<Header> all = new ArrayList<>(headers);
            all.addAll(which);
            return record(topic, null, key, bytes, all);
        });
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    /** Makes the record of a chunk. */
    interface ChunkRecord {
        ProducerRecord<byte[], byte[]> of(byte[] bytes, List<Header> whichChunk);
    }

    /** Each is made when it is asked for: all at once would hold the whole a second time. */
    static List<ProducerRecord<byte[], byte[]>> chunks(Chunking chunking, ChunkFormat format, ChunkRecord record) {
        return new AbstractList<>() {
            @Override
            public ProducerRecord<byte[], byte[]> get(int index) {
                List<Header> which = LetterHeaders.chunkHeaders(format.write(chunking.header(index)));
                return record.of(chunking.bytes(index), which);
            }

            @Override
            public int size() {
                return chunking.count();
            }
        };
    }

    /**
     * The id of a set of chunks, made from what is cut and how: chunks of the same letter cut differently, as another
     * version might, must not be mixed.
     */
    static UUID setId(String purpose, LetterSource.Id source, int chunkBytes) {
        String name = purpose + "\n" + source.topicId() + "\n" + source.partition() + "\n" + source.offset() + "\n"
                + chunkBytes;
        try {
            ByteBuffer hash =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8)));
            return new UUID(hash.getLong(), hash.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @SuppressWarnings("NullAway") // a record may have no partition, key or value, whatever its annotations say
    static ProducerRecord<byte[], byte[]> record(
            String topic,
            @Nullable Integer partition,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<Header> headers) {
        return new ProducerRecord<>(topic, partition, key, value, headers);
    }
}

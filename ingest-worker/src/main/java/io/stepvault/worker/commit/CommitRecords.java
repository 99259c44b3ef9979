package io.stepvault.worker.commit;

import io.stepvault.event.BatchStored;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.worker.flow.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Makes records of what a {@link CommitUnit} publishes. Immutable; safe for any thread. */
public final class CommitRecords {
    private final String completionsTopic;
    private final Function<DeadLetter, List<ProducerRecord<byte[], byte[]>>> deadLetters;
    private final SingleObjectCodec<BatchStored> codec = SingleObjectCodec.completions();

    /**
     * Records for {@code completionsTopic}, and of dead letters.
     *
     * @param deadLetters gives the records of a dead letter: one, or one for each chunk, in order
     */
    public CommitRecords(
            String completionsTopic, Function<DeadLetter, List<ProducerRecord<byte[], byte[]>>> deadLetters) {
        this.completionsTopic = completionsTopic;
        this.deadLetters = deadLetters;
    }

    /** The records of a unit, made as they are asked for where the dead letters' are. */
    final class Parts {
        private final List<List<ProducerRecord<byte[], byte[]>>> letters;
        private final List<BatchStored> completions;

        private Parts(CommitUnit unit) {
            letters = unit.deadLetters().stream().map(deadLetters).toList();
            completions = unit.completions();
        }

        /**
         * Chunks of dead letters but for the last of each, which readers ignore until that is there, in bundles of at
         * most {@code maxBytes} (or of one record).
         */
        Iterator<List<ProducerRecord<byte[], byte[]>>> ahead(long maxBytes) {
            return new Bundles(letters, maxBytes);
        }

        /** What must be seen together with the offsets: completions, and the last record of each dead letter. */
        List<ProducerRecord<byte[], byte[]>> withOffsets() {
            List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
            letters.forEach(letter -> records.add(letter.get(letter.size() - 1)));
            completions.forEach(completion -> records.add(record(completion)));
            return records;
        }
    }

    Parts of(CommitUnit unit) {
        return new Parts(unit);
    }

    private ProducerRecord<byte[], byte[]> record(BatchStored completion) {
        byte[] key = completion.getSessionId().getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(completionsTopic, key, codec.encode(completion));
    }

    /** Takes from each letter what comes before its last record. */
    private static final class Bundles implements Iterator<List<ProducerRecord<byte[], byte[]>>> {
        private final List<List<ProducerRecord<byte[], byte[]>>> letters;
        private final long maxBytes;
        private int letter;
        private int index;

        Bundles(List<List<ProducerRecord<byte[], byte[]>>> letters, long maxBytes) {
            this.letters = letters;
            this.maxBytes = maxBytes;
        }

        @Override
        public boolean hasNext() {
            while (letter < letters.size() && index + 1 >= letters.get(letter).size()) {
                letter++;
                index = 0;
            }
            return letter < letters.size();
        }

        @Override
        public List<ProducerRecord<byte[], byte[]>> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            List<ProducerRecord<byte[], byte[]>> bundle = new ArrayList<>();
            long bytes = 0;
            while (hasNext()) {
                ProducerRecord<byte[], byte[]> next = letters.get(letter).get(index);
                bytes += size(next);
                if (bytes > maxBytes && !bundle.isEmpty()) {
                    break;
                }
                bundle.add(next);
                index++;
            }
            return bundle;
        }
    }

    private static long size(ProducerRecord<byte[], byte[]> published) {
        long bytes = length(published.key()) + length(published.value());
        for (Header header : published.headers()) {
            bytes += header.key().length() + length(header.value());
        }
        return bytes;
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}

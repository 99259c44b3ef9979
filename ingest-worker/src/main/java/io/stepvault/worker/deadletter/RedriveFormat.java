package io.stepvault.worker.deadletter;

import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.Chunking;
import io.stepvault.worker.flow.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter's record as it goes to its topic once more, and the marker that says on the dead-letter topic that it
 * did. The record has its own key, value and headers and, after these, its {@link Attempts}; its timestamp is new, since
 * retention would take a record that is a month old from a topic that keeps a week. The marker names the letter by its
 * source, so that repeats of the letter are marked with it, and lies on the letter's partition, behind it: so retention
 * never takes it before the letter. Stateless; safe for any thread.
 */
final class RedriveFormat {
    /** The letter: {@code TOPIC-ID/PARTITION@OFFSET} of its source. */
    static final String REDRIVEN = "stepvault-redriven";

    /** Where the letter lies, for people: {@code PARTITION@OFFSET} on the dead-letter topic. */
    static final String PLACE = "stepvault-redriven-place";

    /** Where the record went, for people. */
    static final String TARGET = "stepvault-redriven-to";

    private static final Pattern MARKED = Pattern.compile("([A-Za-z0-9_-]{1,64})/(\\d{1,9})@(\\d{1,18})");

    private RedriveFormat() {}

    /**
     * The records that carry the letter to a topic again: one, or one for each chunk.
     *
     * @param partition of that topic, so that records stay together; null to leave it to the producer
     */
    static List<ProducerRecord<byte[], byte[]>> records(
            StoredDeadLetter letter, SourceRecord record, String topic, @Nullable Integer partition) {
        byte[] key = record.key();
        byte[] value = record.value();
        List<Header> headers = new ArrayList<>(record.headers());
        headers.addAll(letter.headers().attempts().plus(letter.asPast()).headers());
        RecordRoom.Fitted fitted = RecordRoom.fit(key, value, record.headers());
        if (value == null || !fitted.needsChunks(value) || letter.payload().isChunk()) {
            return List.of(DeadLetterFormat.record(topic, partition, key, value, headers));
        }
        Chunking chunking = new Chunking(
                DeadLetterFormat.setId("redrive", letter.source().id(), fitted.chunkBytes()),
                value,
                fitted.chunkBytes());
        return DeadLetterFormat.chunks(chunking, ChunkFormat.CAPTURES, (bytes, which) -> {
            List<Header> all = new ArrayList<>(headers);
            all.addAll(which);
            return DeadLetterFormat.record(topic, partition, key, bytes, all);
        });
    }

    /** Says on the dead-letter topic that the letter has gone to {@code target}. */
    static ProducerRecord<byte[], byte[]> marker(StoredDeadLetter letter, String deadLetterTopic, String target) {
        return DeadLetterFormat.record(
                deadLetterTopic,
                letter.place().partition(),
                null,
                null,
                List.of(
                        HeaderText.header(REDRIVEN, letter.source().id().toString()),
                        HeaderText.header(PLACE, letter.place().toString()),
                        HeaderText.header(TARGET, target)));
    }

    /** The letter that a record marks as redriven; empty if it is no marker. */
    static Optional<LetterSource.Id> marked(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(REDRIVEN);
        // What has a reason is a letter, and may have brought any header along.
        boolean isLetter = record.headers().lastHeader(LetterHeaders.REASON) != null;
        if (isLetter || header == null || header.value() == null || record.value() != null) {
            return Optional.empty();
        }
        Matcher parts = MARKED.matcher(new String(header.value(), StandardCharsets.UTF_8));
        return parts.matches()
                ? Optional.of(new LetterSource.Id(
                        parts.group(1), Integer.parseInt(parts.group(2)), Long.parseLong(parts.group(3))))
                : Optional.empty();
    }
}

package io.stepvault.worker.deadletter;

import io.stepvault.wire.CaptureDecoder;
import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.ChunkHeader;
import io.stepvault.worker.deadletter.StoredDeadLetter.State;
import io.stepvault.worker.flow.SourceRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Reads the dead-letter topic: first all of it without keeping payloads, then the payloads of single letters, of which
 * it holds one and what the consumer fetched with it. Belongs to no group, so it takes nothing away from anyone. Only
 * one thread may use it.
 */
public final class DeadLetterReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    /** The chunks of a letter may lie some time before its last: an outage may have come between them. */
    private static final Duration CHUNKS_BEFORE = Duration.ofHours(1);

    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final Duration patience;
    private final CaptureDecoder decoder = CaptureDecoder.withoutRegistry();
    private final Map<LetterPlace, ConsumerRecord<byte[], byte[]>> fetched = new HashMap<>();

    /**
     * A reader of {@code topic}.
     *
     * @param consumer one that belongs to no group, starts at the earliest offset where the wanted one is gone, and sees
     *     committed records only; closed with this
     * @param patience how long brokers may have no answer to a request
     */
    public DeadLetterReader(Consumer<byte[], byte[]> consumer, String topic, Duration patience) {
        this.consumer = consumer;
        this.topic = topic;
        this.patience = patience;
    }

    /**
     * Reads everything that is on the topic now.
     *
     * @param since letters that were sent before this are not asked for, but some may be there
     * @throws org.apache.kafka.common.KafkaException if a broker refuses, or none answers
     */
    public DeadLetterIndex scan(Optional<Instant> since) {
        DeadLetterIndex index = scanFrom(since.map(time -> time.minus(CHUNKS_BEFORE)));
        // What is there in part may be whole further back.
        return since.isPresent() && index.hasParts() ? scanFrom(Optional.empty()) : index;
    }

    private DeadLetterIndex scanFrom(Optional<Instant> time) {
        DeadLetterIndex index = new DeadLetterIndex(decoder);
        forEachRecord(time, index::add);
        return index;
    }

    /**
     * Shows the headers of all letters that are on the topic now, and keeps nothing, however many there are. Repeats are
     * shown again; of a letter in chunks its last one is, which is sent with the source's offset.
     *
     * @throws org.apache.kafka.common.KafkaException if a broker refuses, or none answers
     */
    public void forEachLetter(java.util.function.Consumer<LetterHeaders> action) {
        forEachRecord(Optional.empty(), record -> {
            ChunkFormat.Lookup chunk = LetterHeaders.chunk(record.headers());
            boolean isLast = !ChunkFormat.DEAD_LETTERS.isChunk(chunk)
                    || (ChunkFormat.DEAD_LETTERS.parse(chunk) instanceof ChunkFormat.Parsed.Chunk parsed
                            && parsed.header().index() == parsed.header().count() - 1);
            if (isLast) {
                LetterHeaders.parse(record.headers()).ifPresent(action);
            }
        });
    }

    private void forEachRecord(
            Optional<Instant> time, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> action) {
        fetched.clear();
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        consumer.seekToBeginning(partitions);
        time.ifPresent(from -> seek(partitions, from, ends));
        int idle = 0;
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            idle++;
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                idle = 0;
                if (record.offset() < ends.getOrDefault(new TopicPartition(topic, record.partition()), 0L)) {
                    action.accept(record);
                }
            }
            giveUpAfter(idle);
        }
    }

    private void seek(List<TopicPartition> partitions, Instant from, Map<TopicPartition, Long> ends) {
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, Math.max(0, from.toEpochMilli())));
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(times);
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp first = found.get(partition);
            consumer.seek(partition, first == null ? ends.getOrDefault(partition, 0L) : first.offset());
        }
    }

    /**
     * The record that a letter is a copy of, with its own headers, less what did not fit.
     *
     * @throws LetterUnreadableException if it cannot be had, as retention took it or chunks are missing or corrupt
     * @throws org.apache.kafka.common.KafkaException if a broker refuses, or none answers
     */
    public SourceRecord load(StoredDeadLetter letter) throws LetterUnreadableException {
        if (letter.state() == State.PARTIAL) {
            throw new LetterUnreadableException(letter, "some of its chunks are missing");
        }
        ConsumerRecord<byte[], byte[]> last = fetch(letter, letter.place());
        byte[] value = last.value();
        if (ChunkFormat.DEAD_LETTERS.isChunk(LetterHeaders.chunk(last.headers()))) {
            value = assemble(letter);
        }
        return new SourceRecord(
                last.key(),
                value,
                LetterHeaders.own(last.headers()),
                letter.source().timestamp());
    }

    private byte[] assemble(StoredDeadLetter letter) throws LetterUnreadableException {
        byte[] whole = new byte[0];
        int filled = 0;
        long crc32c = 0;
        for (LetterPlace place : letter.records()) {
            ConsumerRecord<byte[], byte[]> record = fetch(letter, place);
            if (!(ChunkFormat.DEAD_LETTERS.parse(LetterHeaders.chunk(record.headers()))
                            instanceof ChunkFormat.Parsed.Chunk chunk)
                    || record.value() == null) {
                throw new LetterUnreadableException(letter, "its record at " + place + " is no chunk");
            }
            ChunkHeader header = chunk.header();
            if (filled == 0) {
                // Nobody but a worker says this number, and a worker holds the whole in memory before it does.
                whole = new byte[Math.toIntExact(header.totalBytes())];
                crc32c = header.crc32c();
            }
            if (record.value().length > whole.length - filled) {
                throw new LetterUnreadableException(letter, "its chunks are more than its announced size");
            }
            System.arraycopy(record.value(), 0, whole, filled, record.value().length);
            filled += record.value().length;
        }
        CRC32C checksum = new CRC32C();
        checksum.update(whole);
        if (filled != whole.length || checksum.getValue() != crc32c) {
            throw new LetterUnreadableException(letter, "its chunks do not make up what was announced");
        }
        return whole;
    }

    /** Letters that follow each other are read without seeking. */
    private ConsumerRecord<byte[], byte[]> fetch(StoredDeadLetter letter, LetterPlace place)
            throws LetterUnreadableException {
        TopicPartition partition = new TopicPartition(topic, place.partition());
        for (int idle = 0; !fetched.containsKey(place); idle++) {
            giveUpAfter(idle);
            fetched.clear();
            if (!consumer.assignment().equals(Set.of(partition))) {
                consumer.assign(List.of(partition));
                consumer.seek(partition, place.offset());
            } else if (consumer.position(partition) != place.offset()) {
                consumer.seek(partition, place.offset());
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                fetched.put(new LetterPlace(record.partition(), record.offset()), record);
            }
            if (!fetched.isEmpty() && !fetched.containsKey(place)) {
                throw new LetterUnreadableException(letter, "retention has removed its record at " + place);
            }
        }
        ConsumerRecord<byte[], byte[]> record = fetched.get(place);
        if (record == null) {
            throw new IllegalStateException("it was fetched");
        }
        return record;
    }

    private void giveUpAfter(int idlePolls) {
        if (POLL.multipliedBy(idlePolls).compareTo(patience) > 0) {
            throw new TimeoutException("reading topic " + topic + ": no answer within " + patience.toSeconds() + " s");
        }
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }
}

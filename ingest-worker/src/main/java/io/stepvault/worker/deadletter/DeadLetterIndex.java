package io.stepvault.worker.deadletter;

import io.stepvault.wire.CaptureDecoder;
import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.ChunkHeader;
import io.stepvault.worker.deadletter.StoredDeadLetter.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The dead letters that records of the topic make up: chunks put together, repeats left out, those redriven marked. Of
 * each letter a few hundred bytes are kept, none of its payload. Not thread-safe.
 */
public final class DeadLetterIndex {
    private static final int MAX_STRANGE = 1_000;
    private static final Comparator<StoredDeadLetter> IN_ORDER =
            Comparator.comparing(StoredDeadLetter::at).thenComparing(StoredDeadLetter::place);

    private final CaptureDecoder decoder;
    private final Map<LetterSource.Id, StoredDeadLetter> whole = new LinkedHashMap<>();
    private final Map<ChunkHeader, OpenSet> open = new LinkedHashMap<>();
    private final Set<LetterSource.Id> redriven = new HashSet<>();
    private final List<StrangeRecord> strange = new ArrayList<>();
    private long strangeCount;

    /** A set of chunks that is not whole yet. */
    private static final class OpenSet {
        private final SortedMap<Integer, LetterPlace> places = new TreeMap<>();
        private StoredDeadLetter latest;

        OpenSet(StoredDeadLetter first) {
            this.latest = first;
        }
    }

    /** An empty index. */
    public DeadLetterIndex(CaptureDecoder decoder) {
        this.decoder = decoder;
    }

    /** Takes the next record of a partition. */
    public void add(ConsumerRecord<byte[], byte[]> record) {
        Optional<LetterHeaders> headers = LetterHeaders.parse(record.headers());
        if (headers.isPresent()) {
            add(record, headers.get());
            return;
        }
        RedriveFormat.marked(record)
                .ifPresentOrElse(redriven::add, () -> strange(record, "it has not the headers of a dead letter"));
    }

    private void add(ConsumerRecord<byte[], byte[]> record, LetterHeaders headers) {
        if (whole.containsKey(headers.source().id())) {
            return; // a repeat
        }
        ChunkFormat.Lookup chunk = LetterHeaders.chunk(record.headers());
        LetterPlace place = new LetterPlace(record.partition(), record.offset());
        Instant at = Instant.ofEpochMilli(record.timestamp());
        if (!ChunkFormat.DEAD_LETTERS.isChunk(chunk)) {
            LetterPayload payload =
                    LetterPayload.of(decoder, record.key(), record.value(), LetterHeaders.own(record.headers()));
            keep(new StoredDeadLetter(List.of(place), at, headers, payload, State.WAITING));
        } else if (ChunkFormat.DEAD_LETTERS.parse(chunk) instanceof ChunkFormat.Parsed.Chunk parsed) {
            ChunkHeader header = parsed.header();
            LetterPayload payload =
                    LetterPayload.ofChunks(header.totalBytes(), record.key(), LetterHeaders.own(record.headers()));
            addChunk(header, new StoredDeadLetter(List.of(place), at, headers, payload, State.PARTIAL));
        } else {
            strange(record, "its headers contradict each other about which chunk of a dead letter it is");
        }
    }

    private void addChunk(ChunkHeader header, StoredDeadLetter chunk) {
        ChunkHeader key = new ChunkHeader(header.id(), 0, header.count(), header.totalBytes(), header.crc32c());
        OpenSet set = open.computeIfAbsent(key, unused -> new OpenSet(chunk));
        if (set.places.putIfAbsent(header.index(), chunk.place()) == null) {
            set.latest = chunk;
        }
        if (set.places.size() == header.count()) {
            open.remove(key);
            keep(set.latest.with(List.copyOf(set.places.values()), State.WAITING));
        }
    }

    private void keep(StoredDeadLetter letter) {
        whole.put(letter.source().id(), letter);
    }

    private void strange(ConsumerRecord<byte[], byte[]> record, String why) {
        strangeCount++;
        if (strange.size() < MAX_STRANGE) {
            strange.add(new StrangeRecord(
                    new LetterPlace(record.partition(), record.offset()),
                    Instant.ofEpochMilli(record.timestamp()),
                    record.value() == null ? 0 : record.value().length,
                    why));
        }
    }

    /** All letters, the oldest first. */
    public List<StoredDeadLetter> letters() {
        Map<LetterSource.Id, StoredDeadLetter> partial = new LinkedHashMap<>();
        for (OpenSet set : open.values()) {
            if (!whole.containsKey(set.latest.source().id())) {
                partial.putIfAbsent(
                        set.latest.source().id(), set.latest.with(List.copyOf(set.places.values()), State.PARTIAL));
            }
        }
        return Stream.concat(whole.values().stream(), partial.values().stream())
                .map(letter -> redriven.contains(letter.source().id())
                        ? letter.with(letter.records(), State.REDRIVEN)
                        : letter)
                .sorted(IN_ORDER)
                .toList();
    }

    /** The first records that are no dead letters, at most {@value #MAX_STRANGE}, in the order in which they were read. */
    public List<StrangeRecord> strangeRecords() {
        return List.copyOf(strange);
    }

    /** How many records are no dead letters. */
    public long strangeCount() {
        return strangeCount;
    }

    /** Whether the chunks of a letter are there in part. */
    public boolean hasParts() {
        return open.values().stream()
                .anyMatch(set -> !whole.containsKey(set.latest.source().id()));
    }
}

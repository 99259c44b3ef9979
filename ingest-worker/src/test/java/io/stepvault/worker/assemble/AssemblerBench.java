package io.stepvault.worker.assemble;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stepvault.worker.commit.Settlement;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.DeadLetter;
import io.stepvault.worker.flow.MemoryBudget;
import io.stepvault.worker.flow.OffsetRuns;
import io.stepvault.worker.flow.SourceRecord;
import io.stepvault.worker.flow.TrackedOffset;
import io.stepvault.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;

/**
 * An assembler between partitions whose records lie ready and a commit that a test plays. The reader goes where it is
 * sent. Whatever is settled is compared with what lies on the partition, and may be settled once.
 */
final class AssemblerBench {
    static final long CAPTURE = 100_000;
    static final Instant START = Instant.parse("2026-11-20T08:00:00Z");

    final InMemoryChunkStore store = new InMemoryChunkStore();
    final List<SourceRecord> wholes = new ArrayList<>();
    final List<DeadLetter> deadLetters = new ArrayList<>();
    final MemoryBudget memory;
    final ChunkAssembler assembler;
    private final List<Log> logs = new ArrayList<>();
    private final Deque<Runnable> toCommit = new ArrayDeque<>();
    private Instant now = START;

    AssemblerBench(long maxBytes, long maxMemory) {
        memory = new MemoryBudget(maxMemory);
        assembler = new ChunkAssembler(
                new AssembleSettings(CAPTURE, maxBytes, Duration.ofMinutes(10)),
                store,
                this::whole,
                this::settle,
                memory,
                new WorkerMetrics(new SimpleMeterRegistry()));
    }

    /** A partition, read from its beginning. */
    static final class Log {
        final List<SourceRecord> records = new ArrayList<>();
        final Map<Long, String> settled = new HashMap<>();
        Assignment assignment;
        int position;
        int reads;

        Log(int number) {
            assignment = new Assignment(new TopicPartition("step-captures", number), "id", 0, OffsetRuns.NONE);
        }

        boolean isAtEnd() {
            return position == records.size();
        }

        Set<Long> unsettled() {
            Set<Long> offsets = new TreeSet<>();
            for (long offset = 0; offset < records.size(); offset++) {
                if (!settled.containsKey(offset)) {
                    offsets.add(offset);
                }
            }
            return offsets;
        }
    }

    Log partition() {
        Log log = new Log(logs.size());
        logs.add(log);
        return log;
    }

    List<Log> logs() {
        return logs;
    }

    /** Reads the next record, if memory has room; as the intake does. */
    boolean read(Log log) {
        if (log.isAtEnd() || memory.isFull()) {
            return false;
        }
        SourceRecord next = log.records.get(log.position);
        long needed = assembler.bytesNeededFor(log.assignment, next);
        if (!memory.hasRoom(needed)) {
            return false;
        }
        long before = memory.used();
        long offset = log.position++;
        log.reads++;
        log.assignment.deliver(offset).ifPresent(handle -> assembler.accept(next, handle));
        assertThat(memory.used() - before)
                .as("memory taken by offset " + offset)
                .isLessThanOrEqualTo(needed + DeadLetter.BYTES_BESIDES_RECORD);
        return true;
    }

    /** Reads all that there is. */
    AssemblerBench readAll() {
        boolean more = true;
        while (more) {
            more = false;
            for (Log log : logs) {
                more |= read(log);
            }
        }
        return this;
    }

    void add(Log log, List<SourceRecord> records) {
        log.records.addAll(records);
    }

    void tick(Duration time) {
        now = now.plus(time);
        assembler.tick(now);
        goBack();
    }

    void atEnd(Log log, Duration time) {
        assembler.wasAtEnd(log.assignment, time);
    }

    void giveUpHolding(Log log) {
        log.assignment.lowestUnsettled().ifPresent(lowest -> assembler.giveUpHolding(log.assignment, lowest));
        goBack();
    }

    /** The partition goes and comes back; what was not settled is read again. */
    void rebalance(Log log) {
        log.assignment.end();
        assembler.discard(log.assignment);
        OffsetRuns settled = OffsetRuns.NONE.with(new TreeSet<>(log.settled.keySet()));
        log.assignment = new Assignment(log.assignment.partition(), "id", 0, settled);
        log.position = 0;
    }

    private void goBack() {
        for (Log log : logs) {
            log.assignment.takeRewind().ifPresent(offset -> log.position = (int) offset);
        }
    }

    boolean commitNext() {
        Runnable next = toCommit.poll();
        if (next != null) {
            next.run();
        }
        return next != null;
    }

    void commitAll() {
        while (!toCommit.isEmpty()) {
            commitNext();
        }
    }

    int waiting() {
        return toCommit.size();
    }

    /** Reads, commits and passes time at the ends until nothing changes any more. */
    void quiesce() {
        store.fail(false);
        for (int round = 0;
                round < 2_000 && logs.stream().anyMatch(log -> !log.unsettled().isEmpty());
                round++) {
            readAll();
            commitAll();
            for (Log log : logs) {
                if (log.isAtEnd() && round % 10 == 9) {
                    atEnd(log, Duration.ofMinutes(1));
                }
            }
            tick(Duration.ofSeconds(2));
        }
    }

    void assertNothingIsLeft() {
        for (Log log : logs) {
            assertThat(log.unsettled()).as("not settled").isEmpty();
            assertThat(assembler.parked(log.assignment)).isZero();
        }
        assertThat(assembler.openSets()).isZero();
        assertThat(assembler.bytes()).isZero();
        assertThat(store.size()).isZero();
        assertThat(memory.used()).isZero();
    }

    /** Whole records take up memory until they are committed. */
    private void whole(SourceRecord record, List<TrackedOffset> offsets) {
        assertThat(offsets).isSortedAccordingTo((one, other) -> Long.compare(one.offset(), other.offset()));
        memory.take(record.bytes());
        later(offsets, "whole", () -> {
            wholes.add(record);
            memory.release(record.bytes());
        });
    }

    private void settle(Settlement settlement) {
        assertThat(settlement.completion()).isEmpty();
        memory.take(settlement.bytes());
        for (DeadLetter letter : settlement.deadLetters()) {
            SourceRecord sent =
                    log(settlement.offsets().get(0).assignment()).records.get((int) letter.offset());
            assertSame(letter.record(), sent);
            assertThat(letter.offset()).isEqualTo(settlement.offsets().get(0).offset());
            for (TrackedOffset repeat : settlement.offsets()) {
                assertThat(log(repeat.assignment())
                                .records
                                .get((int) repeat.offset())
                                .value())
                        .as("what " + repeat + " carried")
                        .isEqualTo(sent.value());
            }
        }
        later(settlement.offsets(), "dead", () -> {
            deadLetters.addAll(settlement.deadLetters());
            memory.release(settlement.bytes());
        });
    }

    private void later(List<TrackedOffset> offsets, String how, Runnable committed) {
        Log log = log(offsets.get(0).assignment());
        long bytes = memory.used();
        toCommit.add(() -> {
            committed.run();
            if (log.assignment != offsets.get(0).assignment()) {
                return; // gone: somebody else settles them
            }
            for (TrackedOffset offset : offsets) {
                assertThat(log.settled.put(offset.offset(), how))
                        .as(offset + " is settled once")
                        .isNull();
                offset.done();
            }
        });
        assertThat(bytes).isPositive();
    }

    private Log log(Assignment assignment) {
        return logs.stream()
                .filter(log -> log.assignment.partition().equals(assignment.partition()))
                .findFirst()
                .orElseThrow();
    }

    Map<String, Long> reasons() {
        return deadLetters.stream()
                .collect(Collectors.groupingBy(
                        letter -> letter.rejection().reason().code(), Collectors.counting()));
    }

    Optional<String> onlyDetail() {
        List<String> details = deadLetters.stream()
                .map(letter -> letter.rejection().detail())
                .distinct()
                .toList();
        return details.size() == 1 ? Optional.of(details.get(0)) : Optional.empty();
    }

    private static void assertSame(SourceRecord actual, SourceRecord sent) {
        assertThat(actual.key()).isEqualTo(sent.key());
        assertThat(actual.value()).isEqualTo(sent.value());
        assertThat(actual.headers()).isEqualTo(sent.headers());
        assertThat(actual.timestamp()).isEqualTo(sent.timestamp());
    }
}

package io.stepvault.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.capture.CommitRecord;
import io.stepvault.event.BatchStored;
import io.stepvault.event.CompletedStep;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.StepToStore;
import io.stepvault.storage.object.ObjectRefusedException;
import io.stepvault.storage.object.StoreException;
import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.ChunkHeader;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.worker.flow.DeadLetter;
import io.stepvault.worker.spool.SpoolEntry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Random schedules with transactions, the disk queue, chunks, poison, crashes and rebalances, checked after every event
 * against what lies on the topic.
 */
class ExactlyOnceScheduleTest {
    private static final List<TopicPartition> PARTITIONS =
            List.of(new TopicPartition("step-captures", 0), new TopicPartition("step-captures", 1));

    @Property(tries = 400)
    void everyCaptureIsCompletedOrDeadLetteredOnce(@ForAll Random random) {
        World world = new World(random);
        try {
            for (int event = 0; event < 150; event++) {
                world.next();
                world.check();
            }
            world.trace.add("quiesce");
            world.quiesce();
            world.checkAll();
        } catch (AssertionError | RuntimeException e) {
            world.worker
                    .registry
                    .getMeters()
                    .forEach(meter -> meter.measure().forEach(value -> {
                        if (value.getValue() != 0) {
                            world.trace.add(meter.getId().getName() + " " + value.getValue());
                        }
                    }));
            world.trace.add(String.valueOf(world.worker.storeHealth.trouble()));
            throw new AssertionError(e.getMessage() + "\nafter\n" + String.join("\n", world.trace), e);
        }
    }

    /** A partition of the topic, and what the model knows of it. */
    private static final class Log {
        private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        private final List<ConsumerRecord<byte[], byte[]>> chunksToSend = new ArrayList<>();
        // By the offset with which it is complete.
        private final TreeMap<Long, String> captures = new TreeMap<>();
        private final Set<Long> poison = new HashSet<>();
        // Their batch on the disk was damaged: they may be read again, and are completed when they are.
        private final Set<Long> damaged = new HashSet<>();
        private int position;

        Log(TopicPartition partition) {
            assertThat(partition.partition()).isLessThan(PARTITIONS.size());
        }

        long offsetOf(String step) {
            return captures.entrySet().stream()
                    .filter(capture -> capture.getValue().equals(step))
                    .mapToLong(Map.Entry::getKey)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static final class World {
        private final Random random;
        private PipelineHarness worker;
        private final List<Log> logs = PARTITIONS.stream().map(Log::new).toList();
        private final List<String> trace = new ArrayList<>();
        private boolean storeIsDown;
        private int sent;
        private boolean orderMayBreak;

        World(Random random) {
            this.random = random;
            // With little memory, every budget is used up now and then, and must not block another for good.
            worker = PipelineHarness.withDiskQueue(random.nextBoolean() ? 1 << 20 : 5_000);
            PARTITIONS.forEach(this::assign);
        }

        private Log log(TopicPartition partition) {
            return logs.get(partition.partition());
        }

        void next() {
            TopicPartition partition = PARTITIONS.get(random.nextInt(2));
            int kind = random.nextInt(20);
            switch (kind) {
                case 0, 1, 2 -> send(partition);
                case 3, 4, 5, 6, 7 -> read(partition);
                case 8, 9 -> pass(Duration.ofMillis(random.nextInt(4000)));
                case 10, 11 -> answerStore();
                case 12 -> {
                    storeIsDown = !storeIsDown;
                    trace.add("store is down: " + storeIsDown);
                }
                case 13, 14, 15 -> commit(random.nextInt(8));
                case 16 -> rebalance(partition);
                case 17 -> disk();
                case 18 -> answerProbes();
                default -> {
                    if (random.nextInt(3) == 0) {
                        crash();
                    }
                }
            }
            worker.thread.runAll();
        }

        private void send(TopicPartition partition) {
            List<ConsumerRecord<byte[], byte[]>> log = log(partition).records;
            List<ConsumerRecord<byte[], byte[]>> chunks = log(partition).chunksToSend;
            long offset = log.size();
            trace.add("send " + partition + "@" + offset);
            int kind = random.nextInt(8);
            String session = "s" + random.nextInt(3);
            String step = "step-" + sent++;
            if (!chunks.isEmpty() && kind < 4) {
                ConsumerRecord<byte[], byte[]> chunk = at(offset, chunks.remove(0));
                log.add(chunk);
                if (chunks.isEmpty()) {
                    byte[] name = chunk.headers().lastHeader("step").value();
                    log(partition).captures.put(offset, new String(name, StandardCharsets.UTF_8));
                }
            } else if (kind == 4 && chunks.isEmpty()) {
                StepCapture capture = Captures.aStep(session, step).build();
                chunks.addAll(chunked(partition, capture));
                log.add(at(offset, chunks.remove(0)));
            } else if (kind == 5 && random.nextBoolean()) {
                log.add(Captures.record(partition, offset, new byte[0], new byte[] {1, 2, 3}));
                log(partition).poison.add(offset);
            } else {
                boolean refused = random.nextInt(12) == 0;
                StepCapture capture = Captures.aStep(session, refused ? step + "-refused" : step)
                        .setEndOfSession(random.nextInt(6) == 0)
                        .build();
                log.add(Captures.record(partition, offset, capture));
                log(partition).captures.put(offset, capture.getStepId());
            }
        }

        /** The step id is put into a header, so that the model finds it. */
        private static List<ConsumerRecord<byte[], byte[]>> chunked(TopicPartition partition, StepCapture capture) {
            byte[] whole = SingleObjectCodec.stepCaptures().encode(capture);
            CRC32C crc = new CRC32C();
            crc.update(whole);
            UUID id = UUID.nameUUIDFromBytes(whole);
            int third = whole.length / 3;
            List<ConsumerRecord<byte[], byte[]>> chunks = new ArrayList<>();
            for (int index = 0; index < 3; index++) {
                int end = index == 2 ? whole.length : (index + 1) * third;
                ConsumerRecord<byte[], byte[]> chunk = Captures.record(
                        partition,
                        0,
                        capture.getSessionId().getBytes(StandardCharsets.UTF_8),
                        Arrays.copyOfRange(whole, index * third, end));
                ChunkFormat.CAPTURES
                        .write(new ChunkHeader(id, index, 3, whole.length, crc.getValue()))
                        .forEach((name, value) -> chunk.headers().add(name, value));
                chunk.headers().add("step", capture.getStepId().getBytes(StandardCharsets.UTF_8));
                chunks.add(chunk);
            }
            return chunks;
        }

        private static ConsumerRecord<byte[], byte[]> at(long offset, ConsumerRecord<byte[], byte[]> record) {
            ConsumerRecord<byte[], byte[]> placed = Captures.record(
                    new TopicPartition(record.topic(), record.partition()), offset, record.key(), record.value());
            record.headers().forEach(header -> placed.headers().add(header));
            return placed;
        }

        private void read(TopicPartition partition) {
            goBack();
            if (!worker.mayRead(partition)) {
                return;
            }
            for (int count = random.nextInt(3); count >= 0; count--) {
                int position = log(partition).position;
                if (position < log(partition).records.size()) {
                    log(partition).position = position + 1;
                    trace.add("read " + partition + "@" + position);
                    worker.pipeline.record(log(partition).records.get(position));
                }
            }
        }

        private void goBack() {
            worker.pipeline.takeRewinds().forEach((partition, offset) -> {
                trace.add("go back to " + partition + "@" + offset);
                log(partition).position = (int) (long) offset;
            });
        }

        private void pass(Duration time) {
            trace.add("pass " + time);
            worker.pass(time);
            goBack();
        }

        private void answerStore() {
            for (int calls = worker.store.pendingCalls(); calls > 0; calls--) {
                if (random.nextBoolean()) {
                    worker.store.overtake();
                }
                boolean flaky = random.nextInt(4) == 0;
                trace.add("store answers " + worker.store.nextCall() + (flaky ? " in part" : ""));
                worker.store.answer(step -> answer(step, storeIsDown || (flaky && random.nextBoolean())));
                worker.thread.runAll();
            }
        }

        private static Optional<StoreException> answer(StepToStore step, boolean fails) {
            if (fails) {
                return Optional.of(PipelineHarness.unavailable());
            }
            return step.capture().getStepId().endsWith("refused")
                    ? Optional.of(new ObjectRefusedException("s3://bucket", "key", "too large", null))
                    : Optional.empty();
        }

        private void answerProbes() {
            while (worker.store.pendingProbes() > 0) {
                worker.store.answerProbe(storeIsDown ? Optional.of(PipelineHarness.unavailable()) : Optional.empty());
                worker.thread.runAll();
            }
        }

        private void commit(int how) {
            if (!worker.committer.isPending()) {
                return;
            }
            trace.add("commit " + how + " " + worker.committer.pending());
            switch (how) {
                case 0 -> worker.committer.abort();
                case 1 -> worker.committer.recover(true);
                case 2 -> worker.committer.recover(false);
                default -> worker.committer.succeed();
            }
        }

        private void rebalance(TopicPartition partition) {
            trace.add("rebalance " + partition);
            if (random.nextBoolean()) {
                worker.pipeline.leaving(Set.of(partition));
                worker.thread.runAll();
            }
            if (worker.committer.isPending()) {
                commit(random.nextInt(8)); // what is under way ends before another owner reads what is committed
            }
            worker.pipeline.left(Set.of(partition));
            assign(partition);
        }

        private void assign(TopicPartition partition) {
            worker.assign(partition);
            var committed = worker.committer.positions.get(partition);
            log(partition).position = committed == null ? 0 : (int) committed.offset();
        }

        private void disk() {
            int what = random.nextInt(6);
            trace.add("disk " + what);
            switch (what) {
                case 0 -> worker.disk.refuseWrites("full", false);
                case 1, 2 -> worker.disk.acceptWrites();
                case 3 -> worker.disk.hold();
                case 4 -> worker.disk.release();
                default -> {
                    List<SpoolEntry> entries = worker.disk.entries();
                    if (!entries.isEmpty()) {
                        SpoolEntry entry = entries.get(random.nextInt(entries.size()));
                        worker.disk.corrupt(entry);
                        log(entry.origin().partition()).damaged.addAll(entry.offsets());
                    }
                }
            }
        }

        private void crash() {
            if (worker.committer.isPending() && random.nextBoolean()) {
                worker.committer.succeed(); // committed, but nobody was told
            }
            noteSetAside();
            trace.add("crash");
            worker = worker.crash();
            worker.disk.release();
            PARTITIONS.forEach(this::assign);
        }

        void quiesce() {
            storeIsDown = false;
            worker.disk.acceptWrites();
            worker.disk.release();
            for (TopicPartition partition : PARTITIONS) {
                while (!log(partition).chunksToSend.isEmpty()) {
                    send(partition);
                }
            }
            for (int round = 0; round < 60; round++) {
                for (TopicPartition partition : PARTITIONS) {
                    for (int reads = 0; reads < 5; reads++) {
                        read(partition);
                    }
                }
                pass(Duration.ofSeconds(31));
                answerProbes();
                while (worker.store.pendingCalls() > 0) {
                    trace.add("store answers " + worker.store.nextCall());
                    worker.store.answer(step -> answer(step, false));
                    worker.thread.runAll();
                    answerProbes();
                }
                worker.tick();
                if (worker.committer.isPending()) {
                    trace.add("commit " + worker.committer.pending());
                    worker.committer.succeed();
                }
            }
        }

        void check() {
            Set<String> stored =
                    worker.store.stored.stream().map(CommitRecord::stepId).collect(Collectors.toSet());
            List<String> completed = completed();
            assertThat(completed).as("completed once").doesNotHaveDuplicates();
            assertThat(stored).as("durable before done").containsAll(completed);
            assertThat(deadLetters()).as("dead-lettered once").doesNotHaveDuplicates();
            Set<String> settled = new HashSet<>(completed);
            worker.committer.positions.forEach((partition, position) -> {
                log(partition)
                        .captures
                        .headMap(position.offset())
                        .forEach((offset, step) -> assertThat(
                                        settled.contains(step) || deadLetters().contains(partition + "@" + offset))
                                .as(step + " at " + partition + "@" + offset + " lies below the committed offset")
                                .isTrue());
            });
            assertThat(worker.registry
                            .get("stepvault.memory.used.bytes")
                            .gauge()
                            .value())
                    .isGreaterThanOrEqualTo(0);
        }

        void checkAll() {
            check();
            List<String> completed = completed();
            for (TopicPartition partition : PARTITIONS) {
                log(partition).captures.forEach((offset, step) -> {
                    boolean isRefused = step.endsWith("refused");
                    boolean isDead = deadLetters().contains(partition + "@" + offset);
                    assertThat(completed.contains(step))
                            .as(step + " is completed")
                            .isEqualTo(!isDead);
                    if (isRefused) {
                        assertThat(isDead).as(step + " is dead").isTrue();
                    }
                });
                log(partition)
                        .poison
                        .forEach(offset -> assertThat(deadLetters()).contains(partition + "@" + offset));
                int end = log(partition).records.size();
                if (end > 0) {
                    assertThat(worker.committer.committed()).containsEntry(partition, (long) end);
                }
            }
            assertThat(worker.disk.entries()).as("the disk is empty").isEmpty();
            assertThat(worker.chunks.size()).isZero();
            noteSetAside();
            if (!orderMayBreak) {
                checkOrder();
            }
        }

        private void noteSetAside() {
            orderMayBreak |= worker.counted("stepvault.spool.batches.set.aside") > 0;
        }

        private void checkOrder() {
            Map<String, Long> last = new HashMap<>();
            for (BatchStored completion : worker.committer.published) {
                int partition = completion.getSource().getPartition();
                Log log = log(PARTITIONS.get(partition));
                List<Long> offsets = completion.getSteps().stream()
                        .map(step -> log.offsetOf(step.getStepId()))
                        .toList();
                String line = partition + "/" + completion.getSessionId();
                assertThat(offsets).as("order within a completion of " + line).isSorted();
                for (long offset : offsets) {
                    if (!log.damaged.contains(offset)) {
                        Long before = last.put(line, offset);
                        assertThat(before == null ? -1 : before)
                                .as("order of completions of " + line)
                                .isLessThan(offset);
                    }
                }
            }
        }

        private List<String> completed() {
            return worker.committer.published.stream()
                    .flatMap(completion -> completion.getSteps().stream())
                    .map(CompletedStep::getStepId)
                    .toList();
        }

        private List<String> deadLetters() {
            return worker.committer.deadLetters.stream()
                    .map((DeadLetter letter) -> letter.source() + "@" + letter.offset())
                    .toList();
        }
    }
}

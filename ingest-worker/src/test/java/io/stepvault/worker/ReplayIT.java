package io.stepvault.worker;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.event.BatchStored;
import io.stepvault.event.StepCapture;
import io.stepvault.registry.testing.FakeRegistry;
import io.stepvault.storage.LifecyclePolicy;
import io.stepvault.storage.PageRequest;
import io.stepvault.storage.SessionLifecycle;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoreOptions;
import io.stepvault.storage.retry.Pace;
import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.Chunking;
import io.stepvault.wire.ConfluentFormat;
import io.stepvault.wire.ContractSchemas;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.worker.config.WorkerConfig;
import io.stepvault.worker.replay.Outcome;
import io.stepvault.worker.replay.RangePoint;
import io.stepvault.worker.replay.ReplayTally;
import io.stepvault.worker.replay.TopicRange;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replays of a real topic. */
class ReplayIT {
    private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EmbeddedKafka kafka;

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    private Path directory;

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.builder().start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    private URI store() {
        return directory.resolve("store").toUri();
    }

    private WorkerConfig config(TestBed bed) {
        return bed.config(store().toString(), Map.of("capture.max.bytes", "16MiB", "assemble.max.bytes", "32MiB"));
    }

    private static Replay.Plan plan(String job) {
        return new Replay.Plan(job, TopicRange.ALL, any -> true, false, false, false, Optional.empty(), TEMPORARY);
    }

    private static Replay.Plan plan(String job, RangePoint from, RangePoint to) {
        return new Replay.Plan(
                job,
                new TopicRange(from, to, Optional.empty()),
                any -> true,
                false,
                false,
                false,
                Optional.empty(),
                TEMPORARY);
    }

    private static ReplayTally toItsEnd(WorkerConfig config, Replay.Plan plan) throws IOException {
        try (Replay replay = Replay.start(config, plan)) {
            assertThat(replay.ended()).succeedsWithin(TestBed.PATIENCE).isEqualTo(true);
            assertThat(replay.tally().partitions()).allMatch(ReplayTally.Partition::done);
            return replay.tally();
        }
    }

    private static long count(ReplayTally tally, Outcome outcome) {
        return tally.partitions().stream()
                .mapToLong(each -> each.count(outcome))
                .sum();
    }

    private static long records(ReplayTally tally) {
        return tally.partitions().stream()
                .mapToLong(ReplayTally.Partition::records)
                .sum();
    }

    private void assertStored(List<StepCapture> captures) {
        try (StepStore store = StepStore.open(store())) {
            TestBed.assertReadable(store, captures);
            assertThat(store.sessionIds("", PageRequest.first(1_000)).items())
                    .containsExactlyInAnyOrderElementsOf(
                            captures.stream().map(StepCapture::getSessionId).collect(toSet()));
        }
    }

    private static StepCapture large(String session, int bytes) {
        return Captures.aStep(session, "large")
                .setScreenshot(Captures.screenshot(bytes))
                .build();
    }

    private static List<ProducerRecord<byte[], byte[]>> chunks(TestBed bed, StepCapture capture) {
        Chunking chunks =
                new Chunking(UUID.randomUUID(), SingleObjectCodec.stepCaptures().encode(capture), 100_000);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int index = 0; index < chunks.count(); index++) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                    bed.topic, capture.getSessionId().getBytes(StandardCharsets.UTF_8), chunks.bytes(index));
            ChunkFormat.CAPTURES
                    .write(chunks.header(index))
                    .forEach((name, value) -> record.headers().add(name, value));
            records.add(record);
        }
        return records;
    }

    @Test
    void fillsAnEmptyStoreAndFindsAllOfItThereTheNextTime() throws Exception {
        try (TestBed bed = new TestBed(kafka, 3).createTopics()) {
            List<StepCapture> captures = new ArrayList<>(TestBed.crawl("fill", 5, 20));
            bed.publish(captures);
            bed.publish("bad", "no capture".getBytes(StandardCharsets.UTF_8));
            StepCapture large = large("fill-0", 500_000);
            chunks(bed, large).forEach(bed::publish);
            captures.add(large);

            ReplayTally first = toItsEnd(config(bed), plan("first"));

            assertStored(captures);
            assertThat(count(first, Outcome.STORED)).isEqualTo(101);
            assertThat(count(first, Outcome.BAD)).isEqualTo(1);
            assertThat(records(first)).isEqualTo(100 + 1 + 6);
            assertThat(bed.groups()).as("the live group is left alone").containsExactly(bed.group + "-replay-first");
            assertThat(bed.deadLetters()).isEmpty();
            assertThat(bed.completions()).isEmpty();

            ReplayTally second = toItsEnd(config(bed), plan("second"));

            assertThat(count(second, Outcome.STORED)).isZero();
            assertThat(count(second, Outcome.ALREADY_THERE)).isEqualTo(101);

            ReplayTally again = toItsEnd(config(bed), plan("first"));

            assertThat(records(again))
                    .as("a job that is done is not done again")
                    .isZero();
        }
    }

    @Test
    void goesOnWhereItWasInterruptedAndKeepsItsBounds() throws Exception {
        try (TestBed bed = new TestBed(kafka, 2).createTopics()) {
            List<StepCapture> captures = TestBed.crawl("interrupted", 20, 20);
            bed.publish(captures);
            Replay.Plan slow = new Replay.Plan(
                    "job",
                    TopicRange.ALL,
                    any -> true,
                    false,
                    false,
                    false,
                    Optional.of(new Pace(200, Double.POSITIVE_INFINITY, Clock.systemUTC())),
                    TEMPORARY);
            ReplayTally before;
            WorkerConfig impatient = bed.config(store().toString(), Map.of("shutdown.timeout", "500ms"));
            try (Replay replay = Replay.start(impatient, slow)) {
                before = replay.tally();
                await().atMost(TestBed.PATIENCE).until(() -> count(before, Outcome.STORED) > 50);
                replay.close();
                assertThat(replay.ended()).succeedsWithin(TestBed.PATIENCE).isEqualTo(false);
            }
            assertThat(count(before, Outcome.STORED)).isLessThan(400);
            bed.publish(TestBed.crawl("later", 1, 5));

            ReplayTally after = toItsEnd(config(bed), plan("job"));

            assertThat(records(after)).as("not from the start").isLessThan(400);
            assertThat(count(after, Outcome.STORED)).isPositive();
            assertStored(captures);
        }
    }

    @Test
    void twoProcessesShareAJobAndEachEnds() throws Exception {
        try (TestBed bed = new TestBed(kafka, 4).createTopics()) {
            List<StepCapture> captures = TestBed.crawl("shared", 40, 10);
            bed.publish(captures);

            try (Replay one = Replay.start(config(bed), plan("shared"));
                    Replay other = Replay.start(config(bed), plan("shared"))) {
                assertThat(one.ended()).succeedsWithin(TestBed.PATIENCE).isEqualTo(true);
                one.close();
                assertThat(other.ended()).succeedsWithin(TestBed.PATIENCE).isEqualTo(true);
                assertThat(count(one.tally(), Outcome.STORED) + count(other.tally(), Outcome.STORED))
                        .isGreaterThanOrEqualTo(400);
            }
            assertStored(captures);
        }
    }

    @Test
    void aCaptureCutByTheBeginningIsCountedAndOneCutByTheEndIsReadToItsEnd() throws Exception {
        try (TestBed bed = new TestBed(kafka, 1).createTopics()) {
            List<ProducerRecord<byte[], byte[]>> cutByFrom = chunks(bed, large("before", 250_000));
            List<ProducerRecord<byte[], byte[]>> cutByTo = chunks(bed, large("within", 250_000));
            StepCapture small = TestBed.crawl("small", 1, 1).get(0);
            bed.publish(cutByFrom.get(0));
            bed.publish(cutByFrom.get(1)); // 1: the range begins
            bed.publish(List.of(small));
            bed.publish(cutByTo.get(0));
            bed.publish(cutByFrom.get(2));
            bed.publish(TestBed.crawl("beyond", 1, 1)); // 5: it ends
            bed.publish(cutByTo.get(1));
            chunks(bed, large("also-beyond", 250_000)).forEach(bed::publish);
            bed.publish(cutByTo.get(2));

            ReplayTally tally =
                    toItsEnd(config(bed), plan("cut", new RangePoint.AtOffset(1), new RangePoint.AtOffset(5)));

            assertStored(List.of(small, large("within", 250_000)));
            assertThat(count(tally, Outcome.STORED)).isEqualTo(2);
            assertThat(count(tally, Outcome.CUT)).isEqualTo(1);
            assertThat(count(tally, Outcome.BAD)).isZero();
        }
    }

    @Test
    void aCaptureWhoseRestNeverCameIsNamedAndDoesNotKeepItFromEnding() throws Exception {
        try (TestBed bed = new TestBed(kafka, 1).createTopics()) {
            bed.publish(TestBed.crawl("whole", 1, 3));
            bed.publish(chunks(bed, large("half", 250_000)).get(0));
            bed.publish(TestBed.crawl("whole-too", 1, 3));

            ReplayTally tally = toItsEnd(config(bed), plan("half"));

            assertThat(count(tally, Outcome.STORED)).isEqualTo(6);
            assertThat(tally.partitions().get(0).unfinished()).isEqualTo(1);
        }
    }

    @Test
    void passesOverDeletedSessionsAndWhatThePolicyWouldRemove() throws Exception {
        try (TestBed bed = new TestBed(kafka, 1).createTopics();
                StepStore store = StepStore.open(store());
                SessionLifecycle lifecycle = SessionLifecycle.open(store(), StoreOptions.defaults())) {
            List<StepCapture> kept = TestBed.crawl("kept", 2, 2);
            bed.publish(kept);
            bed.publish(TestBed.crawl("deleted", 1, 3));
            store.deleteSession("deleted-0");
            StepCapture old = Captures.aStep("old", "step")
                    .setCapturedAt(Captures.CAPTURED_AT.minus(Duration.ofDays(400)))
                    .build();
            bed.publish(List.of(old));
            lifecycle.writePolicy(new LifecyclePolicy(OptionalInt.of(365), OptionalInt.of(1), List.of()));
            ReplayTally tally = toItsEnd(config(bed), plan("policy"));
            StepCapture later = kept.get(0);
            StepCapture earlier = StepCapture.newBuilder(later)
                    .setCapturedAt(later.getCapturedAt().minusSeconds(60))
                    .build();
            bed.publish(List.of(earlier));
            ReplayTally second = toItsEnd(config(bed), plan("second"));

            assertStored(kept);
            assertThat(count(tally, Outcome.STORED)).isEqualTo(4);
            assertThat(count(tally, Outcome.SESSION_DELETED)).isEqualTo(3);
            assertThat(count(tally, Outcome.EXPIRED)).isEqualTo(1);
            assertThat(count(second, Outcome.ALREADY_THERE)).isEqualTo(4);
            assertThat(count(second, Outcome.SUPERSEDED)).isEqualTo(1);

            ReplayTally resurrected = toItsEnd(
                    config(bed),
                    new Replay.Plan(
                            "again", TopicRange.ALL, any -> true, false, true, false, Optional.empty(), TEMPORARY));

            assertThat(count(resurrected, Outcome.STORED)).isEqualTo(2);
            assertThat(count(resurrected, Outcome.SESSION_DELETED)).isEqualTo(3);
            assertStored(List.of(kept.get(0), kept.get(1), kept.get(2), kept.get(3), old, earlier));
        }
    }

    @Test
    void aDryRunCountsAndLeavesNothing() throws Exception {
        try (TestBed bed = new TestBed(kafka, 2).createTopics()) {
            bed.publish(TestBed.crawl("dry", 3, 3));

            ReplayTally tally = toItsEnd(
                    config(bed),
                    new Replay.Plan(
                            "dry", TopicRange.ALL, any -> true, true, false, true, Optional.empty(), TEMPORARY));

            assertThat(count(tally, Outcome.STORED)).isEqualTo(9);
            assertStored(List.of());
            assertThat(bed.completions()).isEmpty();
            assertThat(directory.resolve("store/sessions")).doesNotExist();
            assertThat(directory.resolve("store/days")).doesNotExist();
            assertThat(bed.groups()).isEmpty();
        }
    }

    @Test
    void storesTheSessionsAndPartitionsAskedFor() throws Exception {
        try (TestBed bed = new TestBed(kafka, 2).createTopics()) {
            List<StepCapture> captures = TestBed.crawl("some", 30, 2);
            bed.publish(captures);

            ReplayTally sessions = toItsEnd(
                    config(bed),
                    new Replay.Plan(
                            "one", TopicRange.ALL, "some-7"::equals, false, false, false, Optional.empty(), TEMPORARY));

            assertThat(count(sessions, Outcome.STORED)).isEqualTo(2);
            assertThat(count(sessions, Outcome.OTHER_SESSION)).isEqualTo(58);
            assertStored(captures.stream()
                    .filter(each -> each.getSessionId().equals("some-7"))
                    .toList());

            TopicRange first = new TopicRange(
                    new RangePoint.Earliest(), new RangePoint.Latest(), Optional.of(new TreeSet<>(List.of(0))));
            ReplayTally partition = toItsEnd(
                    config(bed),
                    new Replay.Plan("first", first, any -> true, false, false, false, Optional.empty(), TEMPORARY));

            assertThat(partition.partitions()).singleElement().satisfies(only -> {
                assertThat(only.partition().partition()).isZero();
                assertThat(only.records()).isEqualTo(only.bounds().to());
            });
        }
    }

    @Test
    void publishesCompletionsMarkedWithTheJobAlsoOfWhatWasThere() throws Exception {
        try (TestBed bed = new TestBed(kafka, 2).createTopics()) {
            List<StepCapture> captures = TestBed.crawl("told", 4, 3);
            bed.publish(captures);
            toItsEnd(config(bed), plan("silent"));

            toItsEnd(
                    config(bed),
                    new Replay.Plan(
                            "told", TopicRange.ALL, any -> true, false, false, true, Optional.empty(), TEMPORARY));

            List<BatchStored> completions = bed.completions();
            assertThat(TestBed.stepsIn(completions)).hasSize(12);
            assertThat(completions).allSatisfy(completion -> {
                assertThat(completion.getReplayId()).contains("told");
                assertThat(completion.getSteps())
                        .allSatisfy(step -> assertThat(step.getArtifacts()).isNotEmpty());
            });
        }
    }

    @Test
    void saysWhatRetentionHasRemovedOfTheRange() throws Exception {
        try (TestBed bed = new TestBed(kafka, 1).createTopics()) {
            bed.publish(TestBed.crawl("gone", 1, 5));
            bed.removeAllRecords();
            List<StepCapture> there = TestBed.crawl("there", 1, 2);
            bed.publish(there);

            ReplayTally tally =
                    toItsEnd(config(bed), plan("lacks", new RangePoint.AtOffset(2), new RangePoint.Latest()));

            assertStored(there);
            assertThat(tally.partitions().get(0).removed()).isEqualTo(3);
        }
    }

    @Test
    void waitsForASchemaRegistryThatIsAway() throws Exception {
        try (FakeRegistry registry = FakeRegistry.started();
                TestBed bed = new TestBed(kafka, 2).createTopics()) {
            int id = registry.register(
                    bed.topic + "-value", ContractSchemas.stepCapture().toString());
            ConfluentFormat.Encoder encoder = new ConfluentFormat.Encoder();
            List<StepCapture> captures = TestBed.crawl("registered", 4, 3);
            captures.forEach(capture -> bed.publish(capture.getSessionId(), encoder.encode(id, capture)));
            registry.stop();
            WorkerConfig config = bed.config(
                    store().toString(), Map.of("schema.registry.url", registry.url(), "schema.registry.timeout", "2s"));

            try (Replay replay = Replay.start(config, plan("registered"))) {
                await().atMost(TestBed.PATIENCE)
                        .untilAsserted(() -> assertThat(replay.trouble())
                                .hasValueSatisfying(why -> assertThat(why).contains(registry.url())));
                assertThat(replay.ended()).isNotDone();
                registry.start();

                assertThat(replay.ended()).succeedsWithin(TestBed.PATIENCE).isEqualTo(true);
                assertThat(count(replay.tally(), Outcome.STORED)).isEqualTo(12);
            }
            assertStored(captures);
        }
    }
}

package io.stepvault.worker.replay;

import static io.stepvault.worker.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.event.StepCapture;
import io.stepvault.storage.LifecyclePolicy;
import io.stepvault.storage.ObjectStepStore;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StepToStore;
import io.stepvault.storage.StoreOptions;
import io.stepvault.storage.StoreOutcome;
import io.stepvault.storage.memory.InMemoryObjectStore;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectPage;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.storage.retry.RetryOptions;
import io.stepvault.worker.Captures;
import io.stepvault.worker.ForwardingObjectStore;
import io.stepvault.worker.flow.Provenance;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BackfillTest {
    private static final TopicPartition PARTITION = new TopicPartition("captures", 3);
    private static final Backfill.Options USUAL = new Backfill.Options(false, false, false);

    private final List<String> puts = new CopyOnWriteArrayList<>();
    private final AtomicInteger lists = new AtomicInteger();
    private volatile boolean listingFails;
    private final ForwardingObjectStore objects = new ForwardingObjectStore(new InMemoryObjectStore()) {
        @Override
        public CompletableFuture<Void> put(PutRequest request) {
            puts.add(request.key());
            return super.put(request);
        }

        @Override
        public ObjectPage list(ListRequest request) {
            lists.incrementAndGet();
            if (listingFails) {
                throw new TransientStoreException("memory", request.prefix(), "no answer", null);
            }
            return super.list(request);
        }
    };
    // On its own threads, as always; what was captured lately is not looked at twice by the writer.
    private final Clock clock = Clock.fixed(Captures.CAPTURED_AT.plusSeconds(60), java.time.ZoneOffset.UTC);
    private final StepStore store = new ObjectStepStore(
            objects,
            "p",
            StoreOptions.defaults()
                    .withClock(clock)
                    .withRetry(RetryOptions.defaults().withMaxAttempts(1)));
    private final ReplayTally tally = new ReplayTally();
    private LifecyclePolicy policy = LifecyclePolicy.KEEP_ALL;

    @AfterEach
    void close() {
        store.close();
    }

    private Backfill backfill(Backfill.Options options) {
        return new Backfill(store, () -> policy, options, clock, Runnable::run, tally);
    }

    private static List<StepToStore> steps(StepCapture... captures) {
        List<StepToStore> steps = new ArrayList<>();
        for (StepCapture capture : captures) {
            steps.add(new StepToStore(capture, new Provenance(PARTITION, steps.size()).toMap()));
        }
        return steps;
    }

    private static StepCapture capture(String session, int step) {
        return aStep(session, "step-" + step)
                .setCapturedAt(Captures.CAPTURED_AT.plusMillis(step))
                .build();
    }

    private static StepCapture[] captures(String session, int steps) {
        return IntStream.range(0, steps)
                .mapToObj(step -> capture(session, step))
                .toArray(StepCapture[]::new);
    }

    private long count(Outcome outcome) {
        return tally.partitions().stream()
                .mapToLong(each -> each.count(outcome))
                .sum();
    }

    @Test
    void asksForASessionOnceAndSendsNothingOfWhatIsThere() {
        store.store(List.of(captures("session", 30)));
        puts.clear();
        lists.set(0);
        Backfill backfill = backfill(USUAL);

        for (StepCapture capture : captures("session", 31)) {
            assertThat(backfill.store(steps(capture)).join()).singleElement().isInstanceOf(StoreOutcome.Stored.class);
        }

        assertThat(lists).hasValue(1);
        assertThat(puts).hasSize(2).allMatch(key -> key.contains("/step-30/"));
        assertThat(count(Outcome.ALREADY_THERE)).isEqualTo(30);
        assertThat(count(Outcome.STORED)).isEqualTo(1);
    }

    @Test
    void theSameCaptureTwiceIsThereTheSecondTime() {
        Backfill backfill = backfill(USUAL);

        backfill.store(steps(capture("session", 0))).join();
        backfill.store(steps(capture("session", 0))).join();

        assertThat(count(Outcome.STORED)).isEqualTo(1);
        assertThat(count(Outcome.ALREADY_THERE)).isEqualTo(1);
    }

    @Test
    void aStoreThatCannotBeListedIsAnOutageAndNothingIsCounted() {
        listingFails = true;
        Backfill backfill = backfill(USUAL);

        List<StoreOutcome> outcomes =
                backfill.store(steps(captures("session", 2))).join();

        assertThat(outcomes)
                .hasSize(2)
                .allSatisfy(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(
                                StoreOutcome.Failed.class,
                                failed -> assertThat(failed.cause()).isInstanceOf(TransientStoreException.class)));
        assertThat(puts).isEmpty();
        assertThat(tally.partitions()).isEmpty();

        listingFails = false;
        assertThat(backfill.store(steps(captures("session", 2))).join())
                .allMatch(StoreOutcome.Stored.class::isInstance);
    }

    @Test
    void aDryRunWritesNothingAtAll() {
        Backfill backfill = backfill(new Backfill.Options(true, false, false));

        assertThat(backfill.probe().join()).isEmpty();
        assertThat(backfill.store(steps(captures("session", 2))).join())
                .allMatch(StoreOutcome.Stored.class::isInstance);

        assertThat(puts).isEmpty();
        assertThat(count(Outcome.STORED)).isEqualTo(2);
    }

    @Test
    void whatThePolicyWouldRemoveIsLeftOutInWhateverOrderItComes() {
        policy = new LifecyclePolicy(OptionalInt.of(30), OptionalInt.of(2), List.of());
        StepCapture expired = aStep("session", "old")
                .setCapturedAt(Captures.CAPTURED_AT.minus(Duration.ofDays(31)))
                .build();
        StepCapture[] revisions = IntStream.range(0, 4)
                .mapToObj(time -> aStep("session", "step")
                        .setCapturedAt(Captures.CAPTURED_AT.plusMillis(time))
                        .build())
                .toArray(StepCapture[]::new);

        List<StoreOutcome> outcomes = backfill(USUAL)
                .store(steps(revisions[0], expired, revisions[3], revisions[1], revisions[2]))
                .join();

        assertThat(outcomes.get(1)).isInstanceOf(StoreOutcome.NotKept.class);
        assertThat(outcomes.get(0)).isInstanceOf(StoreOutcome.NotKept.class);
        assertThat(outcomes.get(2)).isInstanceOf(StoreOutcome.Stored.class);
        assertThat(outcomes.get(3)).isInstanceOf(StoreOutcome.NotKept.class);
        assertThat(outcomes.get(4)).isInstanceOf(StoreOutcome.Stored.class);
        assertThat(count(Outcome.EXPIRED)).isEqualTo(1);
        assertThat(count(Outcome.SUPERSEDED)).isEqualTo(2);

        backfill(new Backfill.Options(false, true, false))
                .store(steps(revisions[0], expired))
                .join();
        assertThat(count(Outcome.STORED)).isEqualTo(4);
    }

    @Test
    void aDeletedSessionStaysDeletedWhateverIsAsked() {
        store.store(List.of(captures("session", 1)));
        store.deleteSession("session");

        assertThat(backfill(new Backfill.Options(false, true, false))
                        .store(steps(captures("session", 2)))
                        .join())
                .allMatch(StoreOutcome.SessionDeleted.class::isInstance);
        assertThat(count(Outcome.SESSION_DELETED)).isEqualTo(2);
    }

    @Test
    void tellsWhereTheArtifactsOfWhatIsThereAreIfAsked() {
        store.store(List.of(capture("session", 0)));

        List<StoreOutcome> outcomes = backfill(new Backfill.Options(false, false, true))
                .store(steps(capture("session", 0)))
                .join();

        assertThat(outcomes.get(0))
                .isInstanceOfSatisfying(
                        StoreOutcome.Stored.class,
                        stored -> assertThat(stored.artifactUris()).containsOnlyKeys("html"));
    }

    @Test
    void aSessionTooLargeToRememberIsLookedUpStepByStep() {
        store.store(List.of(captures("large", 30)));
        StoredSessions sessions = new StoredSessions(store, 20);

        assertThat(sessions.of("large", "step-29").orElseThrow().size()).isEqualTo(1);
        assertThat(sessions.of("large", "step-30").orElseThrow().size()).isZero();
    }

    @Test
    void forgetsTheSessionsThatWereNotAskedForLately() {
        Backfill backfill = backfill(USUAL);
        for (int session = 0; session < 50; session++) {
            backfill.store(steps(captures("session-" + session, 1))).join();
        }
        StoredSessions sessions = new StoredSessions(store, 20);
        lists.set(0);

        for (int session = 0; session < 50; session++) {
            assertThat(sessions.of("session-" + session, "step-0").orElseThrow().size())
                    .isEqualTo(1);
        }
        assertThat(lists).hasValue(50);
        assertThat(sessions.of("session-49", "step-0")).isPresent();
        assertThat(lists).hasValue(50);
        assertThat(sessions.of("session-0", "step-0")).isPresent();
        assertThat(lists).hasValue(51);
    }
}

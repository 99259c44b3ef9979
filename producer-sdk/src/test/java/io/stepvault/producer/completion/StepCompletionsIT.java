package io.stepvault.producer.completion;

import static io.stepvault.producer.completion.Completions.deadLettered;
import static io.stepvault.producer.completion.Completions.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.event.BatchStored;
import io.stepvault.event.CompletedStep;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

/** The listener and a real broker, with a worker's transactions. */
@Timeout(180)
class StepCompletionsIT {
    private static final Duration LONG = Duration.ofSeconds(90);
    private static final int BROKER = 1;

    private static EmbeddedKafka kafka;

    private final List<BatchStored> told = new CopyOnWriteArrayList<>();
    private final List<StepCompletions> opened = new ArrayList<>();
    private CompletionTopic topic;

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.builder().start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @BeforeEach
    void nameTopic(TestInfo test) {
        kafka.start(BROKER);
        topic = new CompletionTopic(
                kafka.bootstrapServers(), test.getTestMethod().orElseThrow().getName());
    }

    @AfterEach
    void closeAll() {
        opened.forEach(StepCompletions::close);
        topic.close();
    }

    @Test
    void tellsOfEachCommittedBatchOnceAndInOrder() throws Exception {
        topic.create(2);
        topic.commit(0, stored("a", "1"), stored("b", "1"));
        topic.abort(0, stored("a", "aborted"));
        StepCompletions completions = listen(builder().from(CompletionStart.earliest()));
        topic.commit(1, stored("c", "1"));
        topic.commit(0, stored("a", "2"), stored("a", "3"));

        await().atMost(LONG).until(() -> told.size() >= 5);

        assertThat(steps("a")).containsExactly("1", "2", "3");
        assertThat(steps("b")).containsExactly("1");
        assertThat(told).hasSize(5);
        assertThat(completions.stats()).isEqualTo(new CompletionStats(5, 0, 0, 0, 0));
    }

    @Test
    void startsWithWhatComesNextUnlessToldOtherwise() throws Exception {
        topic.create(2);
        topic.commit(0, stored("a", "before"));
        StepCompletions completions = listen(builder());
        assertThat(completions.awaitReady(LONG)).isTrue();

        topic.commit(0, stored("a", "after"));

        await().atMost(LONG).until(() -> !told.isEmpty());
        assertThat(steps("a")).containsExactly("after");
    }

    @Test
    void startsAtATime() throws Exception {
        topic.create(1);
        topic.commit(0, stored("a", "before"));
        Instant now = Instant.now();
        await().until(() -> Instant.now().isAfter(now.plusMillis(5)));
        Instant between = Instant.now();
        topic.commit(0, stored("a", "after"));

        listen(builder().from(CompletionStart.at(between)));
        await().atMost(LONG).until(() -> !told.isEmpty());
        topic.commit(0, stored("a", "last"));

        await().atMost(LONG).until(() -> told.size() >= 2);
        assertThat(steps("a")).containsExactly("after", "last");
    }

    @Test
    void noticesNewPartitionsAndTellsOfAllInThem() throws Exception {
        topic.create(1);
        StepCompletions completions = listen(builder().kafka("metadata.max.age.ms", 500));
        assertThat(completions.awaitReady(LONG)).isTrue();

        topic.growTo(3);
        topic.commit(2, stored("new", "1"));
        topic.commit(0, stored("old", "1"));

        await().atMost(LONG).until(() -> told.size() >= 2);
        assertThat(steps("new")).containsExactly("1");
        assertThat(steps("old")).containsExactly("1");
    }

    @Test
    void waitsForATopicThatIsCreatedLater() throws Exception {
        StepCompletions completions = listen(builder().kafka("metadata.max.age.ms", 500));
        assertThat(completions.awaitReady(LONG)).isTrue();

        topic.create(1);
        topic.commit(0, stored("a", "1"));

        await().atMost(LONG).until(() -> !told.isEmpty());
    }

    @Test
    void goesOnAfterGarbageAndThrowingCallbacks() throws Exception {
        topic.create(1);
        topic.commit(0, stored("a", "1"));
        topic.commitGarbage(0);
        topic.commit(0, stored("other", "1"), stored("a", "2"));

        StepCompletions completions =
                listen(builder().from(CompletionStart.earliest()).onlySessions(Set.of("a")), batch -> {
                    told.add(batch);
                    throw new IllegalStateException("on purpose");
                });

        await().atMost(LONG).until(() -> completions.stats().told() == 2);
        assertThat(steps("a")).containsExactly("1", "2");
        assertThat(completions.stats()).isEqualTo(new CompletionStats(2, 2, 1, 2, 0));
    }

    @Test
    void aGroupGoesOnWhereItLeftOff() throws Exception {
        topic.create(2);
        topic.commit(0, stored("a", "before"));
        StepCompletions first = listen(builder().group("g-" + topic.name));
        assertThat(first.awaitReady(LONG)).isTrue();
        topic.commit(0, stored("a", "1"), stored("a", "2"));
        await().atMost(LONG).until(() -> told.size() >= 2);
        assertThat(first.close(LONG)).isTrue();

        topic.commit(0, stored("a", "3"));
        topic.commit(1, stored("b", "1"));
        listen(builder().group("g-" + topic.name));

        await().atMost(LONG).until(() -> told.size() >= 4);
        assertThat(steps("a")).containsExactly("1", "2", "3");
        assertThat(steps("b"))
                .as("of a partition of which the first member was told nothing")
                .containsExactly("1");
    }

    @Test
    void aGroupThatRetentionOvertookSaysHowMuchItMissed() throws Exception {
        topic.create(1);
        StepCompletions first = listen(builder().group("g-" + topic.name));
        assertThat(first.awaitReady(LONG)).isTrue();
        assertThat(first.close(LONG)).isTrue();
        topic.commit(0, stored("a", "0"), stored("a", "1"), stored("a", "2"), stored("a", "3"));
        topic.deleteBefore(0, 3);

        StepCompletions second = listen(builder().group("g-" + topic.name));

        await().atMost(LONG).until(() -> !told.isEmpty());
        assertThat(steps("a")).containsExactly("3");
        assertThat(second.stats().expired()).isEqualTo(3);
    }

    @Test
    void goesOnWhenTheBrokerComesBack() throws Exception {
        topic.create(2);
        kafka.stop(BROKER);
        listen(builder().from(CompletionStart.earliest()));
        kafka.start(BROKER);
        topic.commit(0, stored("a", "1"));
        await().atMost(LONG).until(() -> told.size() == 1);

        kafka.stop(BROKER);
        kafka.start(BROKER);
        topic.commit(0, stored("a", "2"));

        await().atMost(LONG).until(() -> told.size() == 2);
        assertThat(steps("a")).containsExactly("1", "2");
    }

    @Test
    void aStepCanBeWaitedFor() throws Exception {
        topic.create(2);
        StepCompletions completions = listen(builder().onlySessions(Set.of()));
        assertThat(completions.awaitReady(LONG)).isTrue();
        CompletableFuture<CompletedStep> good = completions.stored("a", "1");
        CompletableFuture<CompletedStep> bad = completions.stored("a", "2");
        CompletableFuture<CompletedStep> never = completions.stored("b", "1");

        topic.commit(0, stored("a", "1"));
        topic.commit(1, deadLettered("a", "2", "too-large"));

        assertThat(good)
                .succeedsWithin(LONG)
                .satisfies(step -> assertThat(step.getStepId()).isEqualTo("1"));
        assertThatThrownBy(bad::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        NotStoredException.class, e -> assertThat(e.reason()).isEqualTo("too-large"));
        assertThat(never).isNotDone();
        completions.close();
        assertThat(never).isCancelled();
    }

    @Test
    void aMemberOfAGroupCannotWaitForAStep() throws Exception {
        topic.create(1);
        StepCompletions completions = listen(builder().group("g-" + topic.name));

        assertThatThrownBy(() -> completions.stored("a", "1")).hasMessageContaining("without a group");
    }

    @Test
    void closingIsBoundedThoughTheCallbackIsNot() throws Exception {
        topic.create(1);
        topic.commit(0, stored("a", "1"), stored("a", "2"));
        CountDownLatch letGo = new CountDownLatch(1);
        StepCompletions completions = listen(builder().from(CompletionStart.earliest()), batch -> {
            told.add(batch);
            awaitForever(letGo);
        });
        await().atMost(LONG).until(() -> told.size() == 1);

        assertThat(completions.close(Duration.ofMillis(50))).isFalse();
        letGo.countDown();

        assertThat(completions.close(LONG)).isTrue();
        assertThat(completions.close(Duration.ZERO)).isTrue();
        assertThat(told).as("nothing is told after closing").hasSize(1);
        assertThat(completions.awaitReady(LONG)).isFalse();
    }

    @Test
    void theCallbackMayClose() throws Exception {
        topic.create(1);
        topic.commit(0, stored("a", "1"), stored("a", "2"));
        CompletableFuture<StepCompletions> itself = new CompletableFuture<>();
        StepCompletions completions = listen(builder().from(CompletionStart.earliest()), batch -> {
            told.add(batch);
            itself.join().close();
        });
        itself.complete(completions);

        await().atMost(LONG).until(() -> completions.close(Duration.ofMillis(10)) && told.size() == 1);
    }

    @Test
    void closingWithoutABrokerIsQuick() {
        kafka.stop(BROKER);
        StepCompletions completions = listen(builder());

        assertThat(completions.awaitReady(Duration.ofMillis(20))).isFalse();
        assertThat(completions.close(LONG)).isTrue();
    }

    private static void awaitForever(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("the callback was interrupted", e);
        }
    }

    private List<String> steps(String session) {
        return told.stream()
                .filter(batch -> batch.getSessionId().equals(session))
                .map(batch -> Completions.step(batch).orElseThrow())
                .toList();
    }

    private CompletionsBuilder builder() {
        return StepCompletions.from(kafka.bootstrapServers()).topic(topic.name);
    }

    private StepCompletions listen(CompletionsBuilder builder) {
        return listen(builder, told::add);
    }

    private StepCompletions listen(CompletionsBuilder builder, Consumer<BatchStored> callback) {
        StepCompletions completions = builder.listen(callback);
        opened.add(completions);
        return completions;
    }
}

package io.stepvault.worker.commit;

import static io.stepvault.worker.commit.Units.P0;
import static io.stepvault.worker.commit.Units.completion;
import static io.stepvault.worker.commit.Units.deadLetter;
import static io.stepvault.worker.commit.Units.unit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.stepvault.worker.flow.PipelineThread;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransactionalCommitterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ConsumerGroupMetadata MEMBER = member(3, "member-1");
    private static final OffsetAndMetadata FIVE = new OffsetAndMetadata(5);

    private final BlockingQueue<Runnable> pipeline = new LinkedBlockingQueue<>();
    private final List<ScriptedProducer> producers = new CopyOnWriteArrayList<>();
    private final Queue<Supplier<Map<TopicPartition, OffsetAndMetadata>>> committedOffsets =
            new ConcurrentLinkedQueue<>();
    private final Deque<CommitOutcome> outcomes = new ArrayDeque<>();
    private final ScriptedProducer first = new ScriptedProducer();
    private final Deque<ScriptedProducer> prepared = new ArrayDeque<>(List.of(first));
    private ConsumerGroupMetadata member = MEMBER;
    private final TransactionalCommitter committer = new TransactionalCommitter(
            this::nextProducer,
            new TransactionSettings("stepvault-1", Duration.ofSeconds(10), Duration.ofMillis(2), new Random()),
            () -> member,
            partitions -> committedOffsets.remove().get(),
            Units.RECORDS,
            new PipelineThread() {
                @Override
                public Clock clock() {
                    return Clock.systemUTC();
                }

                @Override
                public void execute(Runnable task) {
                    pipeline.add(task);
                }
            },
            Executors.newSingleThreadScheduledExecutor());

    @SuppressWarnings("removal") // the only way to make one of which Kafka has none yet
    private static ConsumerGroupMetadata member(int generation, String id) {
        return new ConsumerGroupMetadata("stepvault", generation, id, Optional.empty());
    }

    private synchronized ScriptedProducer nextProducer() {
        ScriptedProducer next = prepared.isEmpty() ? new ScriptedProducer() : prepared.removeFirst();
        producers.add(next);
        return next;
    }

    @AfterEach
    void close() {
        committer.close(Duration.ofSeconds(5));
    }

    private CommitOutcome commit(CommitUnit unit) {
        committer.commit(unit, outcomes::add);
        return nextOutcome();
    }

    private CommitOutcome nextOutcome() {
        try {
            while (outcomes.isEmpty()) {
                Runnable task = pipeline.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                assertThat(task).as("an answer on the pipeline's thread").isNotNull();
                task.run();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return outcomes.removeFirst();
    }

    private static List<String> keys(List<ProducerRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(sent -> new String(sent.key(), StandardCharsets.UTF_8))
                .toList();
    }

    @Test
    void commitsCompletionsDeadLettersAndOffsetsTogether() {
        CommitOutcome outcome = commit(new CommitUnit(
                List.of(completion("s1"), completion("s2")), List.of(deadLetter(4, 1)), Map.of(P0, FIVE)));

        assertThat(outcome).isEqualTo(new CommitOutcome.Committed());
        assertThat(first.commitCount()).isEqualTo(1);
        assertThat(keys(first.history())).containsExactlyInAnyOrder("s1", "s2", "4/0");
        assertThat(first.consumerGroupOffsetsHistory()).containsExactly(Map.of("stepvault", Map.of(P0, FIVE)));
    }

    @Test
    void chunksOfLargeDeadLettersGoAheadInBoundedTransactionsWithoutOffsets() {
        CommitOutcome outcome =
                commit(new CommitUnit(List.of(completion("s1")), List.of(deadLetter(4, 20)), Map.of(P0, FIVE)));

        assertThat(outcome).isEqualTo(new CommitOutcome.Committed());
        assertThat(first.recordsOfCommits).hasSize(4);
        assertThat(first.recordsOfCommits.subList(0, 3))
                .allSatisfy(keys -> assertThat(keys)
                        .hasSizeBetween(1, (int) (TransactionalCommitter.MAX_TRANSACTION_BYTES / Units.CHUNK))
                        .doesNotContain("s1", "4/19"));
        assertThat(first.recordsOfCommits.get(3)).containsExactly("4/19", "s1");
        assertThat(first.consumerGroupOffsetsHistory()).containsExactly(Map.of("stepvault", Map.of(P0, FIVE)));
    }

    @Test
    void aRecordThatIsRefusedAbortsAndTheSameProducerGoesOn() {
        first.sends.add(new RecordTooLargeException("too large"));

        assertThat(commit(unit(List.of(completion("s1")), 5)))
                .isEqualTo(new CommitOutcome.Failed("a transaction fails: too large"));
        assertThat(first.transactionAborted()).isTrue();
        assertThat(first.history()).isEmpty();

        assertThat(commit(unit(List.of(completion("s1")), 5))).isEqualTo(new CommitOutcome.Committed());
        assertThat(producers).containsExactly(first);
    }

    @Test
    void aStaleGenerationAborts() {
        first.offsets.add(new CommitFailedException("member is unknown"));

        assertThat(commit(unit(List.of(completion("s1")), 5)))
                .isEqualTo(new CommitOutcome.Failed("a transaction fails: member is unknown"));
        assertThat(first.transactionAborted()).isTrue();
        assertThat(first.consumerGroupOffsetsHistory()).isEmpty();
    }

    @Test
    void aCommitThatTimesOutIsAskedForAgainUntilItIsKnown() {
        first.commits.addAll(List.of(new TimeoutException("1"), new TimeoutException("2"), new TimeoutException("3")));

        assertThat(commit(unit(List.of(completion("s1")), 5))).isEqualTo(new CommitOutcome.Committed());
        assertThat(first.commitCount()).isEqualTo(1);
        assertThat(first.transactionAborted()).isFalse();
        assertThat(committer.trouble()).isEmpty();
    }

    @Test
    void anAbortThatTimesOutIsAskedForAgainUntilItIsKnown() {
        first.offsets.add(new CommitFailedException("member is unknown"));
        first.aborts.addAll(List.of(new TimeoutException("1"), new TimeoutException("2")));

        assertThat(commit(unit(List.of(completion("s1")), 5))).isInstanceOf(CommitOutcome.Failed.class);
        assertThat(first.transactionAborted()).isTrue();
    }

    @Test
    void aCommitWhoseOutcomeCannotBeKnownIsLookedUpWithANewProducer() {
        first.commits.addAll(List.of(new TimeoutException("1"), new KafkaException("who knows")));
        committedOffsets.add(() -> {
            throw new TimeoutException("offsets are not stable yet");
        });
        committedOffsets.add(() -> Map.of(P0, FIVE));

        assertThat(commit(unit(List.of(completion("s1")), 5)))
                .isEqualTo(new CommitOutcome.Recovered("committing a transaction fails: who knows", Map.of(P0, FIVE)));
        assertThat(first.closed()).isTrue();
        assertThat(producers).hasSize(2);
        assertThat(producers.get(1).transactionInitialized()).isTrue();
        assertThat(committer.trouble()).isEmpty();
    }

    @Test
    void anAbortThatFailsIsLookedUpToo() {
        first.offsets.add(new CommitFailedException("member is unknown"));
        first.aborts.add(new IllegalStateException("in a fatal state"));
        committedOffsets.add(Map::of);

        assertThat(commit(unit(List.of(completion("s1")), 5)))
                .isEqualTo(new CommitOutcome.Recovered("a transaction fails: member is unknown", Map.of()));
        assertThat(commit(unit(List.of(completion("s1")), 5))).isEqualTo(new CommitOutcome.Committed());
        assertThat(keys(producers.get(1).history())).containsExactly("s1");
    }

    @Test
    void aProducerThatIsFencedBeforeItsTimeSaysThatItsIdIsUsedTwice() {
        first.commits.add(new ProducerFencedException("fenced"));
        committedOffsets.add(Map::of);

        assertThat(commit(unit(List.of(completion("s1")), 5))).isInstanceOf(CommitOutcome.Recovered.class);
        assertThat(committer.trouble())
                .hasValueSatisfying(trouble -> assertThat(trouble).contains("stepvault-1", "spool directory"));

        assertThat(commit(unit(List.of(completion("s1")), 5))).isEqualTo(new CommitOutcome.Committed());
        assertThat(committer.trouble()).isEmpty();
    }

    @Test
    void aWorkerThatIsNoMemberOfItsGroupPublishesNothing() {
        for (ConsumerGroupMetadata none : List.of(member(-1, "member-1"), member(3, ""))) {
            member = none;

            assertThat(commit(unit(List.of(completion("s1")), 5))).isInstanceOf(CommitOutcome.Failed.class);
        }
        assertThat(first.transactionInFlight()).isFalse();
        assertThat(first.commitCount()).isZero();
    }

    @Test
    void whatIsPublishedNeedsAnOffsetByWhichAZombieIsFenced() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        committer.commit(new CommitUnit(List.of(completion("s1")), List.of(), Map.of()), outcomes::add))
                .withMessageContaining("step-captures-0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> committer.commit(
                        new CommitUnit(List.of(), List.of(deadLetter(4, 1)), Map.of()), outcomes::add));
    }

    @Test
    void nothingToCommitIsCommittedAtOnce() {
        committer.commit(new CommitUnit(List.of(), List.of(), Map.of()), outcomes::add);

        assertThat(outcomes).containsExactly(new CommitOutcome.Committed());
    }

    @Test
    void aClosedCommitterCommitsNothing() {
        committer.close(Duration.ofSeconds(5));

        committer.commit(unit(List.of(completion("s1")), 5), outcomes::add);

        assertThat(outcomes).containsExactly(new CommitOutcome.Failed("the worker stops"));
        assertThat(first.closed()).isTrue();
    }

    @Test
    void closingGivesTheUnitUnderWayItsChance() {
        CountDownLatch goOn = new CountDownLatch(1);
        first.beforeCommit = goOn;
        committer.commit(unit(List.of(completion("s1")), 5), outcomes::add);
        CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> committer.close(PATIENCE));

        goOn.countDown();

        assertThat(nextOutcome()).isEqualTo(new CommitOutcome.Committed());
        closing.join();
        assertThat(first.closed()).isTrue();
    }

    @Test
    void closingEndsAWaitThatHasNoEnd() {
        first.timesOutForEver = true;
        committer.commit(unit(List.of(completion("s1")), 5), outcomes::add);
        await().atMost(PATIENCE).until(() -> committer.trouble().isPresent());
        assertThat(committer.trouble().orElseThrow()).startsWith("committing a transaction: ");

        committer.close(Duration.ofMillis(50));

        assertThat(pipeline).isEmpty();
        assertThat(first.closed()).isTrue();
    }

    @Test
    void whatPreparesTransactionsIsTriedUntilItWorks() {
        List<ScriptedProducer> own = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            own.add(new ScriptedProducer());
        }
        own.get(0).inits.addAll(List.of(new TimeoutException("1"), new TimeoutException("2")));
        own.get(0).inits.add(new TransactionalIdAuthorizationException("not yours"));
        own.get(1).inits.add(new KafkaException("unexpected"));
        first.commits.add(new KafkaException("who knows"));
        synchronized (this) {
            prepared.addAll(own);
        }
        committedOffsets.add(Map::of);

        assertThat(commit(unit(List.of(completion("s1")), 5))).isInstanceOf(CommitOutcome.Recovered.class);
        assertThat(own).extracting(MockProducer::closed).containsExactly(true, true, false);
        assertThat(own.get(2).transactionInitialized()).isTrue();
    }

    /** Fails where it is told to, and remembers what each transaction held. */
    private static final class ScriptedProducer extends MockProducer<byte[], byte[]> {
        final Queue<RuntimeException> inits = new ConcurrentLinkedQueue<>();
        final Queue<RuntimeException> sends = new ConcurrentLinkedQueue<>();
        final Queue<RuntimeException> offsets = new ConcurrentLinkedQueue<>();
        final Queue<RuntimeException> commits = new ConcurrentLinkedQueue<>();
        final Queue<RuntimeException> aborts = new ConcurrentLinkedQueue<>();
        final List<List<String>> recordsOfCommits = new CopyOnWriteArrayList<>();
        volatile CountDownLatch beforeCommit = new CountDownLatch(0);
        volatile boolean timesOutForEver;

        ScriptedProducer() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        private static void next(Queue<RuntimeException> script) {
            RuntimeException failure = script.poll();
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        public void initTransactions() {
            next(inits);
            super.initTransactions();
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> sent) {
            RuntimeException failure = sends.poll();
            return failure == null ? super.send(sent) : CompletableFuture.failedFuture(failure);
        }

        @Override
        public void sendOffsetsToTransaction(
                Map<TopicPartition, OffsetAndMetadata> committed, ConsumerGroupMetadata group) {
            next(offsets);
            super.sendOffsetsToTransaction(committed, group);
        }

        @Override
        public void commitTransaction() {
            try {
                assertThat(beforeCommit.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (timesOutForEver) {
                throw new TimeoutException("no answer");
            }
            next(commits);
            recordsOfCommits.add(keys(uncommittedRecords()));
            super.commitTransaction();
        }

        @Override
        public void abortTransaction() {
            next(aborts);
            super.abortTransaction();
        }
    }
}

package io.stepvault.worker.commit;

import io.stepvault.event.BatchSource;
import io.stepvault.event.BatchStored;
import io.stepvault.worker.flow.DeadLetter;
import io.stepvault.worker.flow.PipelineThread;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits completions, dead letters and offsets in one Kafka transaction, so that a {@code read_committed} consumer sees
 * each completion once. What is due to a transaction stands in {@link Transactions}; chunks of large dead letters go
 * ahead in transactions of their own.
 *
 * <p>The brokers take the offsets only from a member of the group in its present generation, so a worker that has lost
 * its partitions cannot publish completions of them either. That is why each completion needs an offset of its
 * partition.
 *
 * <p>{@link #commit} is called on the pipeline's thread and does not block: the work is done on one thread of its own.
 * Brokers that are away are waited for as long as it takes; {@link #trouble} says so.
 */
public final class TransactionalCommitter implements Committer, AutoCloseable {
    /**
     * What is sent within a transaction's timeout of ten seconds even if only 1 MiB/s gets through. It bounds what goes
     * ahead; what goes with the offsets is bounded by whoever puts the unit together.
     */
    static final long MAX_TRANSACTION_BYTES = 8L << 20;

    private static final Logger log = LoggerFactory.getLogger(TransactionalCommitter.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration FORCED_CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final Supplier<ConsumerGroupMetadata> group;
    private final CommittedOffsets committedOffsets;
    private final CommitRecords records;
    private final PipelineThread thread;
    private final Patience patience;
    private final Transactions transactions;
    private final AtomicInteger unitsUnderWay = new AtomicInteger();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
        Thread committing = new Thread(task, "stepvault-commit");
        committing.setDaemon(true);
        return committing;
    });

    /**
     * A committer that begins at once to end what an earlier process has left behind under its transactional id.
     *
     * @param producers makes a producer with the settings' transactional id; called again whenever one is of no use any
     *     more, and then on a thread of the committer
     * @param group the consumer's group metadata, asked for on the pipeline's thread
     * @throws KafkaException if a producer refuses its properties
     */
    public TransactionalCommitter(
            Supplier<Producer<byte[], byte[]>> producers,
            TransactionSettings settings,
            Supplier<ConsumerGroupMetadata> group,
            CommittedOffsets committedOffsets,
            CommitRecords records,
            PipelineThread thread) {
        this.group = group;
        this.committedOffsets = committedOffsets;
        this.records = records;
        this.thread = thread;
        this.patience = new Patience(settings.retryInterval());
        this.transactions = new Transactions(producers, settings, thread.clock(), patience);
        worker.execute(() -> attempt(transactions::ready));
    }

    /**
     * {@inheritDoc}
     *
     * @param whenDone not called if the committer is closed before the outcome is known
     * @throws IllegalArgumentException if a completion or a dead letter has no offset of its partition
     */
    @Override
    public void commit(CommitUnit unit, Consumer<CommitOutcome> whenDone) {
        requireOffsets(unit);
        if (unit.offsets().isEmpty()) {
            whenDone.accept(new CommitOutcome.Committed());
            return;
        }
        ConsumerGroupMetadata member = group.get();
        if (member.generationId() < 0 || member.memberId().isEmpty()) {
            // Without these the brokers would not check who commits.
            whenDone.accept(new CommitOutcome.Failed(
                    "this worker is no member of group " + member.groupId() + " for now; it joins again by itself"));
            return;
        }
        unitsUnderWay.incrementAndGet();
        try {
            worker.execute(() -> {
                attempt(() -> {
                    CommitOutcome outcome = outcome(unit, member);
                    thread.execute(() -> whenDone.accept(outcome));
                });
                unitsUnderWay.decrementAndGet();
            });
        } catch (RejectedExecutionException e) {
            unitsUnderWay.decrementAndGet();
            whenDone.accept(new CommitOutcome.Failed("the worker stops"));
        }
    }

    private static void requireOffsets(CommitUnit unit) {
        for (BatchStored completion : unit.completions()) {
            BatchSource source = completion.getSource();
            requireOffset(unit, new TopicPartition(source.getTopic(), source.getPartition()));
        }
        for (DeadLetter letter : unit.deadLetters()) {
            requireOffset(unit, letter.source());
        }
    }

    private static void requireOffset(CommitUnit unit, TopicPartition source) {
        if (!unit.offsets().containsKey(source)) {
            throw new IllegalArgumentException(
                    "nothing is committed for " + source + ", so nobody would check whether it is still ours to"
                            + " publish for; commit its offset even if that has not changed");
        }
    }

    /** What cannot be answered because of the end is left; what is a mistake in us ends the pipeline's thread. */
    private void attempt(Runnable task) {
        try {
            task.run();
        } catch (Patience.EndedException e) {
            log.atWarn()
                    .addKeyValue("cause", e.getMessage())
                    .log("Closed before brokers answered; the next start finds out what they have committed");
        } catch (RuntimeException | Error e) {
            thread.execute(() -> {
                throw e;
            });
        }
    }

    private CommitOutcome outcome(CommitUnit unit, ConsumerGroupMetadata member) {
        CommitRecords.Parts parts = records.of(unit);
        Iterator<List<ProducerRecord<byte[], byte[]>>> bundles = parts.ahead(MAX_TRANSACTION_BYTES);
        while (bundles.hasNext()) {
            TransactionResult ahead = transactions.run(bundles.next(), Map.of(), member);
            if (!(ahead instanceof TransactionResult.Committed)) {
                return outcome(unit, ahead);
            }
        }
        return outcome(unit, transactions.run(parts.withOffsets(), unit.offsets(), member));
    }

    private CommitOutcome outcome(CommitUnit unit, TransactionResult result) {
        if (result instanceof TransactionResult.Unknown unknown) {
            var unused = transactions.ready();
            Map<TopicPartition, OffsetAndMetadata> committed = patience.insist(
                    "asking what is committed",
                    KafkaException.class,
                    () -> committedOffsets.of(unit.offsets().keySet()));
            return new CommitOutcome.Recovered(unknown.why(), committed);
        }
        return result instanceof TransactionResult.Aborted aborted
                ? new CommitOutcome.Failed(aborted.why())
                : new CommitOutcome.Committed();
    }

    /**
     * What it waits for, if it does, or that another process uses its transactional id, until a transaction is committed
     * again: one sentence for an operator. May be asked by any thread.
     */
    public Optional<String> trouble() {
        return patience.trouble();
    }

    /** Closes within about ten seconds. */
    @Override
    public void close() {
        close(CLOSE_TIMEOUT);
    }

    /**
     * Closes; a unit that is under way is given so long to end. If it does not, its transaction stays as it is: the next
     * producer with the transactional id, or the brokers once it has timed out, end it. Idempotent.
     */
    public void close(Duration timeout) {
        worker.shutdown();
        if (unitsUnderWay.get() == 0) {
            patience.end();
        }
        boolean ended = awaitEnd(timeout);
        patience.end();
        transactions.abandon();
        if (!ended && !awaitEnd(FORCED_CLOSE_TIMEOUT)) {
            log.atWarn().log("The commit thread does not end; it is left behind");
        }
    }

    private boolean awaitEnd(Duration timeout) {
        try {
            return worker.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}

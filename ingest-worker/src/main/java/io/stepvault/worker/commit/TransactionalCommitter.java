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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
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
 * <p>{@link #commit} is called on the pipeline's thread and does not block: the calls that do are made on another thread,
 * one by one.
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

    private final Supplier<ConsumerGroupMetadata> group;
    private final CommittedOffsets committedOffsets;
    private final CommitRecords records;
    private final PipelineThread thread;
    private final Patience patience;
    private final Transactions transactions;
    private final ScheduledExecutorService worker;
    private volatile CompletableFuture<?> underWay = CompletableFuture.completedFuture(true);
    private volatile boolean closed;

    /**
     * A committer that begins at once to end what an earlier process has left behind under its transactional id.
     *
     * @param producers makes a producer with the settings' transactional id; called again whenever one is of no use any
     *     more, and then on a thread of the committer
     * @param group the consumer's group metadata, asked for on the pipeline's thread
     * @param worker one thread, on which all calls of Kafka's clients are made; shut down when this is closed
     * @throws KafkaException if a producer refuses its properties
     */
    public TransactionalCommitter(
            Supplier<Producer<byte[], byte[]>> producers,
            TransactionSettings settings,
            Supplier<ConsumerGroupMetadata> group,
            CommittedOffsets committedOffsets,
            CommitRecords records,
            PipelineThread thread,
            ScheduledExecutorService worker) {
        this.group = group;
        this.committedOffsets = committedOffsets;
        this.records = records;
        this.thread = thread;
        this.worker = worker;
        this.patience = new Patience(worker, settings.retryInterval(), settings.jitter());
        this.transactions = new Transactions(producers, settings, thread.clock(), patience);
        var unused = follow(transactions.ready());
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
        if (closed) {
            whenDone.accept(new CommitOutcome.Failed("the worker stops"));
            return;
        }
        underWay = follow(run(unit, member).thenAccept(outcome -> thread.execute(() -> whenDone.accept(outcome))));
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

    /** What is a mistake in us ends the pipeline's thread. */
    private CompletableFuture<?> follow(CompletableFuture<?> task) {
        return task.whenComplete((nothing, failure) -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause != null && !(cause instanceof Transactions.AbandonedException)) {
                thread.execute(() -> {
                    if (cause instanceof Error error) {
                        throw error;
                    }
                    throw cause instanceof RuntimeException bug ? bug : new IllegalStateException(cause);
                });
            }
        });
    }

    private CompletableFuture<CommitOutcome> run(CommitUnit unit, ConsumerGroupMetadata member) {
        CommitRecords.Parts parts = records.of(unit);
        return ahead(parts.ahead(MAX_TRANSACTION_BYTES), member)
                .thenCompose(ahead -> ahead instanceof TransactionResult.Committed
                        ? transactions.run(parts.withOffsets(), unit.offsets(), member)
                        : CompletableFuture.completedFuture(ahead))
                .thenCompose(result -> outcome(unit, result));
    }

    /** Commits bundles until there are no more, or one fails. */
    private CompletableFuture<TransactionResult> ahead(
            Iterator<List<ProducerRecord<byte[], byte[]>>> bundles, ConsumerGroupMetadata member) {
        if (!bundles.hasNext()) {
            return CompletableFuture.completedFuture(new TransactionResult.Committed());
        }
        return transactions
                .run(bundles.next(), Map.of(), member)
                .thenCompose(result -> result instanceof TransactionResult.Committed
                        ? ahead(bundles, member)
                        : CompletableFuture.completedFuture(result));
    }

    private CompletableFuture<CommitOutcome> outcome(CommitUnit unit, TransactionResult result) {
        if (result instanceof TransactionResult.Unknown unknown) {
            return transactions
                    .ready()
                    .thenCompose(ready -> patience.insist(
                            "asking what is committed",
                            KafkaException.class,
                            () -> committedOffsets.of(unit.offsets().keySet())))
                    .thenApply(committed -> new CommitOutcome.Recovered(unknown.why(), committed));
        }
        return CompletableFuture.completedFuture(
                result instanceof TransactionResult.Aborted aborted
                        ? new CommitOutcome.Failed(aborted.why())
                        : new CommitOutcome.Committed());
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
        closed = true;
        if (!awaitUnit(timeout)) {
            log.atWarn()
                    .addKeyValue("cause", trouble().orElse("the brokers have not answered yet"))
                    .log("Closed before brokers answered; the next start finds out what they have committed");
        }
        transactions.abandon();
        worker.shutdownNow();
    }

    private boolean awaitUnit(Duration timeout) {
        try {
            underWay.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }
}

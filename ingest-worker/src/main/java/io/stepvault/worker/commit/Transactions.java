package io.stepvault.worker.commit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one transaction after the other, over one producer after the other.
 *
 * <p>Two rules keep what is known apart from what is not. What fails before the commit is asked for is aborted. What
 * fails after is unknown: the brokers may have committed it. A commit or an abort that times out is neither, and is
 * asked for again, for as long as it takes: Kafka's producer then waits for the same request. All other failures of
 * those two calls leave the producer useless (fenced, its id forgotten, its rights withdrawn), and so does a failed
 * abort; the next producer's {@code initTransactions} then ends whatever the last one left behind.
 *
 * <p>What it does, it does on the thread of its {@link Patience}; {@link #abandon} may be called from any.
 */
final class Transactions {
    private static final Logger log = LoggerFactory.getLogger(Transactions.class);

    /** Without a theft for as long as this, the next one is taken for the first. */
    private static final Duration THEFT_FORGOTTEN = Duration.ofMinutes(10);

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final TransactionSettings settings;
    private final Clock clock;
    private final Patience patience;
    private @Nullable Producer<byte[], byte[]> producer;
    private boolean ready;
    private boolean abandoned;
    private int thefts;
    private Instant lastTheft = Instant.MIN;

    /** Takes its first producer at once, so that properties which Kafka refuses are found before anything is begun. */
    Transactions(
            Supplier<Producer<byte[], byte[]>> producers,
            TransactionSettings settings,
            Clock clock,
            Patience patience) {
        this.producers = producers;
        this.settings = settings;
        this.clock = clock;
        this.patience = patience;
        this.producer = producers.get();
    }

    /**
     * Waits until there is a producer with which transactions can be run. Then no transaction of an earlier one is
     * pending any more, of this process or of the one before it.
     */
    CompletableFuture<Producer<byte[], byte[]>> ready() {
        return turn().thenCompose(
                        nothing -> patience.insist("preparing transactions", KafkaException.class, this::prepare));
    }

    /** After a theft the other process goes first. */
    @SuppressWarnings("NullAway") // a future of nothing completes with null
    private CompletableFuture<Void> turn() {
        if (ready || thefts == 0) {
            return CompletableFuture.completedFuture(null);
        }
        return patience.pause(thefts);
    }

    private Producer<byte[], byte[]> prepare() {
        Producer<byte[], byte[]> current = currentOrNew();
        if (ready) {
            return current;
        }
        try {
            current.initTransactions();
            ready = true;
            return current;
        } catch (TimeoutException e) {
            throw e; // the same producer waits for the same answer
        } catch (KafkaException | IllegalStateException e) {
            drop(current);
            throw new KafkaException(message(e), e);
        }
    }

    /** Runs a transaction to its end. */
    CompletableFuture<TransactionResult> run(
            List<ProducerRecord<byte[], byte[]>> records,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            ConsumerGroupMetadata group) {
        return ready().thenCompose(current -> {
            Instant begun = clock.instant();
            return patience.call(() -> {
                        current.beginTransaction();
                        send(current, records);
                        return current;
                    })
                    .thenCompose(sent -> offsets.isEmpty()
                            ? CompletableFuture.completedFuture(sent)
                            : patience.call(() -> {
                                current.sendOffsetsToTransaction(offsets, group);
                                return current;
                            }))
                    .handle((sent, failure) -> Optional.ofNullable(failure).map(Transactions::ofKafka))
                    .thenCompose(failure ->
                            failure.isEmpty() ? commit(current, begun) : abort(current, begun, failure.get()));
        });
    }

    private CompletableFuture<TransactionResult> commit(Producer<byte[], byte[]> current, Instant begun) {
        return end("committing a transaction", current::commitTransaction).handle((committed, failure) -> {
            if (failure == null) {
                patience.say(null);
                return new TransactionResult.Committed();
            }
            RuntimeException cause = ofKafka(failure);
            return lost(current, begun, "committing a transaction fails: " + message(cause), cause);
        });
    }

    private CompletableFuture<TransactionResult> abort(
            Producer<byte[], byte[]> current, Instant begun, RuntimeException cause) {
        String why = "a transaction fails: " + message(cause);
        return end("aborting a transaction", current::abortTransaction)
                .handle((aborted, failure) -> failure == null
                        ? new TransactionResult.Aborted(why)
                        : lost(current, begun, why, ofKafka(failure)));
    }

    private CompletableFuture<Boolean> end(String task, Runnable call) {
        return patience.insist(task, TimeoutException.class, () -> {
            call.run();
            return true;
        });
    }

    /** A failure of Kafka's producer, which says by an {@link IllegalStateException} that it is of no use any more. */
    private static RuntimeException ofKafka(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof KafkaException || cause instanceof IllegalStateException) {
            return (RuntimeException) cause;
        }
        throw new CompletionException(cause);
    }

    private TransactionResult lost(
            Producer<byte[], byte[]> current, Instant begun, String why, RuntimeException cause) {
        Instant now = clock.instant();
        boolean fenced = cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException;
        if (fenced && now.isBefore(begun.plus(settings.timeout()))) {
            // The brokers fence the producer of a transaction that times out, but this one had time left.
            thefts = now.isBefore(lastTheft.plus(THEFT_FORGOTTEN)) ? thefts + 1 : 1;
            lastTheft = now;
            String what = "another process uses transactional.id " + settings.transactionalId()
                    + ", which comes from the spool directory: was that copied? Give each worker one of its own";
            patience.say(what);
            log.atError()
                    .addKeyValue("transactional.id", settings.transactionalId())
                    .addKeyValue("times", thefts)
                    .log("Another process uses this worker's transactional id, which comes from its spool directory:"
                            + " was that copied? Stop one of the two and give it an empty spool.dir. Until then they"
                            + " take turns");
        } else {
            thefts = 0;
            log.atWarn()
                    .addKeyValue("cause", why)
                    .log("A transaction's producer is of no use any more; taking another");
        }
        drop(current);
        return new TransactionResult.Unknown(why);
    }

    private static void send(Producer<byte[], byte[]> producer, List<ProducerRecord<byte[], byte[]>> records) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> next : records) {
            Future<RecordMetadata> acknowledgement = producer.send(next);
            sent.add(acknowledgement);
            if (acknowledgement.isDone()) {
                await(acknowledgement); // one that has failed at once: each further one would block as long
            }
        }
        producer.flush();
        sent.forEach(Transactions::await);
    }

    private static void await(Future<RecordMetadata> acknowledgement) {
        try {
            var unused = acknowledgement.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e); // sets the thread's flag again
        }
    }

    private synchronized Producer<byte[], byte[]> currentOrNew() {
        if (abandoned) {
            throw new AbandonedException();
        }
        if (producer == null) {
            producer = producers.get();
        }
        return producer;
    }

    private synchronized void drop(Producer<byte[], byte[]> dropped) {
        dropped.close(Duration.ZERO); // nothing to wait for: its requests would be refused
        producer = null;
        ready = false;
    }

    /** The transactions were abandoned: there is no producer any more. */
    static final class AbandonedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Ends the producer, from any thread. What it does fails at once; a transaction that is pending is left as it is. */
    synchronized void abandon() {
        abandoned = true;
        if (producer != null) {
            producer.close(Duration.ZERO);
        }
    }

    private static String message(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage() == null ? root.toString() : root.getMessage();
        return message.replaceAll("\\p{Cntrl}+", " ");
    }
}

package io.stepvault.worker.simulation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;

/** The coordinator of transactions: one at a time for each transactional id, fenced by epochs, aborted in time. */
final class SimulatedTransactions {
    static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Clock clock;
    private final Effect effect;
    private final Map<String, Id> ids = new HashMap<>();

    /** What a committed transaction does. */
    interface Effect {
        void commit(List<ProducerRecord<byte[], byte[]>> records, Map<TopicPartition, OffsetAndMetadata> offsets);
    }

    enum State {
        ONGOING,
        COMMITTED,
        ABORTED
    }

    /** One transaction. */
    static final class Transaction {
        private final int epoch;
        private final Instant begun;
        private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        private final Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        State state = State.ONGOING;

        private Transaction(int epoch, Instant begun) {
            this.epoch = epoch;
            this.begun = begun;
        }
    }

    private static final class Id {
        int epoch;
        Transaction last = new Transaction(0, Instant.MIN);
    }

    SimulatedTransactions(Clock clock, Effect effect) {
        this.clock = clock;
        this.effect = effect;
    }

    /** Ends what an earlier producer of the id has left, and fences it. */
    int initialise(String transactionalId) {
        Id id = ids.computeIfAbsent(transactionalId, key -> new Id());
        abort(id);
        return ++id.epoch;
    }

    Transaction begin(String transactionalId, int epoch) {
        Id id = check(transactionalId, epoch);
        id.last = new Transaction(epoch, clock.instant());
        return id.last;
    }

    void add(String transactionalId, Transaction transaction, ProducerRecord<byte[], byte[]> record) {
        check(transactionalId, transaction.epoch);
        transaction.records.add(record);
    }

    void add(String transactionalId, Transaction transaction, Map<TopicPartition, OffsetAndMetadata> offsets) {
        check(transactionalId, transaction.epoch);
        transaction.offsets.putAll(offsets);
    }

    /** Ends a transaction; asked again, it gives the same answer. */
    void end(String transactionalId, Transaction transaction, boolean commit) {
        State wanted = commit ? State.COMMITTED : State.ABORTED;
        check(transactionalId, transaction.epoch);
        if (transaction.state == wanted) {
            return;
        }
        if (transaction.state != State.ONGOING) {
            throw new ProducerFencedException("the transaction was ended otherwise");
        }
        transaction.state = wanted;
        if (commit) {
            effect.commit(transaction.records, transaction.offsets);
        }
    }

    private Id check(String transactionalId, int epoch) {
        Id id = ids.get(transactionalId);
        if (id == null || id.epoch != epoch) {
            throw new ProducerFencedException("there is a producer with a newer epoch");
        }
        return id;
    }

    /** Aborts what takes too long; its producer is fenced. */
    void tick() {
        Instant late = clock.instant().minus(TIMEOUT);
        ids.values().forEach(id -> {
            if (isOpen(id) && id.last.begun.isBefore(late)) {
                abort(id);
                id.epoch++;
            }
        });
    }

    private static boolean isOpen(Id id) {
        return id.last.epoch > 0 && id.last.state == State.ONGOING;
    }

    private static void abort(Id id) {
        if (id.last.state == State.ONGOING) {
            id.last.state = State.ABORTED;
        }
    }

    /** Whether offsets of a partition are in a transaction of which nobody knows yet how it ends. */
    boolean isUnstable(TopicPartition partition) {
        return ids.values().stream().anyMatch(id -> isOpen(id) && id.last.offsets.containsKey(partition));
    }

    boolean isAnyOpen() {
        return ids.values().stream().anyMatch(SimulatedTransactions::isOpen);
    }
}

package io.stepvault.worker.simulation;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A transactional producer of a process; its calls fail as the brokers' and the network's troubles will have it. */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // one thread plays everything
class SimulatedProducer extends MockProducer<byte[], byte[]> {
    private final SimulatedBrokers brokers;
    private final SimulatedProcess process;
    private final String transactionalId;
    private int epoch = -1;
    private SimulatedTransactions.@Nullable Transaction transaction;
    private boolean broken;

    SimulatedProducer(SimulatedBrokers brokers, SimulatedProcess process, String transactionalId) {
        super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        this.brokers = brokers;
        this.process = process;
        this.transactionalId = transactionalId;
    }

    @Override
    public void initTransactions() {
        requireUsable();
        brokers.reach(process, "initialising transactions");
        epoch = brokers.transactions.initialise(transactionalId);
    }

    @Override
    public void beginTransaction() {
        requireUsable();
        transaction = brokers.transactions.begin(transactionalId, epoch);
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        requireUsable();
        try {
            brokers.reach(process, "sending");
            brokers.transactions.add(transactionalId, open(), record);
            return CompletableFuture.completedFuture(null);
        } catch (KafkaException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void flush() {
        // What is sent is there.
    }

    @Override
    public void sendOffsetsToTransaction(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        requireUsable();
        brokers.reach(process, "sending offsets");
        if (!brokers.group.isCurrent(group.memberId(), group.generationId())) {
            brokers.trace.add(process + ": offsets of a stale member are refused");
            throw new CommitFailedException("the member is not of the present generation");
        }
        brokers.transactions.add(transactionalId, open(), offsets);
    }

    @Override
    public void commitTransaction() {
        end(true);
    }

    @Override
    public void abortTransaction() {
        end(false);
    }

    private void end(boolean commit) {
        requireUsable();
        SimulatedTransactions.Transaction ending = open();
        String what = process + ": " + (commit ? "commit" : "abort");
        brokers.reach(process, what);
        switch (brokers.nextTrouble()) {
            case NONE -> endNow(ending, commit);
            case ANSWER_LOST -> {
                brokers.trace.add(what + " is done, and its answer lost");
                endNow(ending, commit);
                throw new TimeoutException("no answer");
            }
            case LATE -> {
                brokers.trace.add(what + " is on its way");
                brokers.network.later(() -> endLate(ending, commit), 300);
                throw new TimeoutException("no answer yet");
            }
            case BROKEN_AFTER -> {
                brokers.trace.add(what + " is done, and the producer breaks");
                endNow(ending, commit);
                broken = true;
                throw new KafkaException("unexpected error");
            }
            case BROKEN_BEFORE -> {
                brokers.trace.add(what + " breaks the producer");
                broken = true;
                throw new KafkaException("unexpected error");
            }
        }
    }

    private void endNow(SimulatedTransactions.Transaction ending, boolean commit) {
        try {
            brokers.transactions.end(transactionalId, ending, commit);
        } catch (ProducerFencedException e) {
            brokers.trace.add(process + ": the producer is fenced");
            broken = true;
            throw e;
        }
    }

    private void endLate(SimulatedTransactions.Transaction ending, boolean commit) {
        try {
            brokers.transactions.end(transactionalId, ending, commit);
        } catch (ProducerFencedException e) {
            brokers.trace.add(process + ": what was on its way comes too late");
        }
    }

    @Override
    public void close(Duration timeout) {
        broken = true;
    }

    private SimulatedTransactions.Transaction open() {
        if (transaction == null) {
            throw new IllegalStateException("no transaction was begun");
        }
        return transaction;
    }

    private void requireUsable() {
        if (broken) {
            throw new IllegalStateException("the producer is closed, or in a fatal state");
        }
    }
}

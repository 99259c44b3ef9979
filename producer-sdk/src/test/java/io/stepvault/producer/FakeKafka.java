package io.stepvault.producer;

import io.stepvault.event.StepCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's own {@link MockProducer}, which can also refuse as the real one does when it has no broker: through the
 * callback, on the sending thread. Makes producers, so that a publisher's way of replacing them can be seen.
 */
final class FakeKafka implements Supplier<Producer<byte[], byte[]>> {
    private final boolean acknowledging;
    private final List<MadeProducer> made = new ArrayList<>();
    private final AtomicInteger failingStarts = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile @Nullable Exception outage;
    private int untilOutage = Integer.MAX_VALUE;
    private int untilBroken = Integer.MAX_VALUE;

    /** With {@code acknowledging}, records are acknowledged at once; otherwise when the test says so. */
    FakeKafka(boolean acknowledging) {
        this.acknowledging = acknowledging;
    }

    @Override
    public synchronized Producer<byte[], byte[]> get() {
        if (failingStarts.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new KafkaException("Failed to construct kafka producer");
        }
        MadeProducer producer = new MadeProducer();
        made.add(producer);
        return producer;
    }

    /** The next producers cannot be made. */
    FakeKafka failStarts(int times) {
        failingStarts.set(times);
        return this;
    }

    /** From now on no record is taken. */
    void refuseWith(Exception why) {
        outage = why;
    }

    /** So many records more are taken, and then none. */
    synchronized void refuseAfter(int records, Exception why) {
        untilOutage = records;
        outage = why;
    }

    /** So many records more are taken, and then the producer that takes them is beyond repair. */
    synchronized void breakAfter(int records) {
        untilBroken = records;
    }

    /** From now on records are taken again. */
    synchronized void recover() {
        outage = null;
        untilOutage = Integer.MAX_VALUE;
    }

    private synchronized @Nullable Exception nextOutage() {
        if (outage != null && untilOutage != Integer.MAX_VALUE && untilOutage-- > 0) {
            return null;
        }
        untilOutage = Integer.MAX_VALUE;
        return outage;
    }

    private synchronized boolean breaksNow() {
        boolean breaks = untilBroken == 0;
        untilBroken = breaks ? Integer.MAX_VALUE : untilBroken == Integer.MAX_VALUE ? untilBroken : untilBroken - 1;
        return breaks;
    }

    /** How often a record was not taken. */
    int refused() {
        return refused.get();
    }

    synchronized List<MadeProducer> producers() {
        return List.copyOf(made);
    }

    /** The latest producer. */
    synchronized MadeProducer producer() {
        return made.get(made.size() - 1);
    }

    /** All records taken, in order. Holds no lock of its own: a producer that sends holds its lock and asks for ours. */
    List<ProducerRecord<byte[], byte[]>> records() {
        return producers().stream()
                .flatMap(producer -> producer.history().stream())
                .toList();
    }

    /** The captures in the records taken, in order. */
    List<StepCapture> captures() {
        RecordReader reader = new RecordReader();
        return records().stream()
                .flatMap(record -> reader.read(record.headers(), record.value()).stream())
                .toList();
    }

    final class MadeProducer extends MockProducer<byte[], byte[]> {
        private MadeProducer() {
            super(acknowledging, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(
                ProducerRecord<byte[], byte[]> record, @Nullable Callback callback) {
            if (breaksNow()) {
                sendException = new KafkaException("in an error state");
            }
            Exception why = nextOutage();
            if (why == null || callback == null) {
                return super.send(record, callback);
            }
            refused.incrementAndGet();
            callback.onCompletion(new RecordMetadata(new TopicPartition(record.topic(), -1), -1, -1, -1, -1, -1), why);
            return CompletableFuture.failedFuture(why);
        }

        /** As the real one, which fails what it still holds; but for what the test settled. */
        @Override
        public void close(Duration timeout) {
            super.close(timeout);
            boolean more = true;
            while (more) {
                more = errorNext(new KafkaException("Producer is closed forcefully."));
            }
        }
    }
}

package io.stepvault.bench.run;

import io.stepvault.bench.data.DataSet;
import io.stepvault.bench.data.FilledTopic;
import io.stepvault.bench.drain.DrainTarget;
import io.stepvault.event.BatchStored;
import io.stepvault.event.CompletedStep;
import io.stepvault.producer.OverflowPolicy;
import io.stepvault.producer.StepPublisher;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.wire.UndecodableException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Publishes to an empty topic at an even pace, and measures how long captures take from {@code publish()} until a
 * {@code read_committed} consumer sees that they are stored. Used by one thread.
 */
public final class HalfLoad {
    private static final int PARTITIONS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Captures that are published while the contender's JVM is still warming up are not measured. */
    private static final double WARM_UP_SHARE = 0.25;

    private final TestBed bed;

    /** Runs around this. */
    public HalfLoad(TestBed bed) {
        this.bed = bed;
    }

    /**
     * The seconds that each capture took.
     *
     * @param data as many captures as are to be published
     * @param rate captures a second
     * @throws ContenderFailedException if it ends, or does not announce all captures within two minutes
     */
    public List<Double> measure(Contender contender, Cell cell, DataSet data, double rate)
            throws IOException, InterruptedException {
        String topic = "half-load-" + UUID.randomUUID();
        Path directory = bed.directory(topic);
        bed.topics().create(topic, PARTITIONS);
        bed.setLatency(cell.latency());
        DrainTarget target = new DrainTarget(
                bed.topics().bootstrapServers(), topic, topic, bed.endpoint(cell), DrainRun.BUCKET, directory);
        try (ContenderProcess process = ContenderProcess.start(contender, target, bed.trustFlags());
                Completions completions = new Completions(topic)) {
            try (StepPublisher publisher = publisher(topic)) {
                warmUp(process, completions, publisher);
                Map<String, Long> published = new ConcurrentHashMap<>();
                Thread pace = new Thread(() -> publish(publisher, data, rate, published), "half-load");
                pace.start();
                List<Double> seconds = completions.await(process, data.captures(), published);
                pace.join();
                return seconds;
            }
        } finally {
            bed.topics().delete(topic);
            TestBed.delete(directory);
        }
    }

    private StepPublisher publisher(String topic) {
        return StepPublisher.to(bed.topics().bootstrapServers())
                .topic(topic)
                .overflow(OverflowPolicy.block(PATIENCE))
                .open();
    }

    /** One capture through everything, so that the contender is known to be at work. */
    private static void warmUp(ContenderProcess process, Completions completions, StepPublisher publisher)
            throws IOException {
        new DataSet("warm-up", 1_000, 0, 1, 1).forEach(Instant.now(), publisher::publish);
        completions.await(process, 1, Map.of());
    }

    private static void publish(StepPublisher publisher, DataSet data, double rate, Map<String, Long> published) {
        long begun = System.nanoTime();
        int[] number = {0};
        data.forEach(Instant.now(), capture -> {
            long due = begun + Math.round(number[0]++ / rate * 1e9);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left); // the pace
            }
            if (number[0] > WARM_UP_SHARE * data.captures()) {
                published.put(capture.getSessionId() + "/" + capture.getStepId(), System.nanoTime());
            }
            publisher.publish(capture);
        });
    }

    /** What is announced as stored. */
    private final class Completions implements AutoCloseable {
        private final KafkaConsumer<byte[], byte[]> consumer;

        Completions(String topic) {
            Map<String, Object> properties = new HashMap<>(
                    Map.of("bootstrap.servers", bed.topics().bootstrapServers(), "isolation.level", "read_committed"));
            consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            List<TopicPartition> partitions = IntStream.range(0, PARTITIONS)
                    .mapToObj(number -> new TopicPartition(FilledTopic.completions(topic), number))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
        }

        /** Waits for so many captures; the seconds that those among them took of which it is known when they began. */
        List<Double> await(ContenderProcess process, int captures, Map<String, Long> published) throws IOException {
            List<Double> seconds = new ArrayList<>();
            int seen = 0;
            long progress = System.nanoTime();
            while (seen < captures) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(20))) {
                    long now = System.nanoTime();
                    progress = now;
                    BatchStored batch = decode(record.value());
                    for (CompletedStep step : batch.getSteps()) {
                        seen++;
                        Long begun = published.get(batch.getSessionId() + "/" + step.getStepId());
                        if (begun != null) {
                            seconds.add((now - begun) / 1e9);
                        }
                    }
                }
                process.requireAlive();
                if (System.nanoTime() - progress > PATIENCE.toNanos()) {
                    throw new ContenderFailedException(
                            "announced only " + seen + " of " + captures + " captures; " + process.logTail());
                }
            }
            return seconds;
        }

        private static BatchStored decode(byte[] value) throws ContenderFailedException {
            try {
                return SingleObjectCodec.completions().decode(value);
            } catch (UndecodableException e) {
                throw new ContenderFailedException("announced what cannot be read: " + e.getMessage());
            }
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}

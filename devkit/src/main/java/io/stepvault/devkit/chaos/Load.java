package io.stepvault.devkit.chaos;

import io.stepvault.producer.StepPublisher;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A crawler that never tires: publishes captures at a steady rate, some of them again, and now and then a record that
 * nobody can decode. Whatever the brokers do, it waits for them. Its methods are for one thread.
 */
final class Load implements AutoCloseable {
    private static final int ONE_REPEAT_OF = 37;
    private static final int ONE_POISON_OF = 53;
    private static final int REPEAT_AMONG = 200;
    /** Longer than any outage of the brokers: what they have not got yet, they shall get. */
    private static final int DELIVERY_TIMEOUT_MS = 600_000;

    private final CaptureSource source;
    private final String topic;
    private final int perSecond;
    private final StepPublisher publisher;
    private final KafkaProducer<byte[], byte[]> poisoner;
    private final Published published = new Published();
    private final Map<Long, CompletableFuture<?>> unsettled = new ConcurrentHashMap<>();
    private long publications;
    private final Thread thread;
    private volatile boolean ending;

    private Load(CaptureSource source, String bootstrapServers, String topic, int perSecond) {
        this.source = source;
        this.topic = topic;
        this.perSecond = perSecond;
        this.publisher = StepPublisher.to(bootstrapServers)
                .topic(topic)
                .kafka("delivery.timeout.ms", DELIVERY_TIMEOUT_MS)
                .kafka("compression.type", "lz4")
                .open();
        this.poisoner = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "delivery.timeout.ms",
                        DELIVERY_TIMEOUT_MS,
                        "max.block.ms",
                        500,
                        "buffer.memory",
                        1 << 20),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        this.thread = new Thread(this::publish, "chaos-load");
        thread.setDaemon(true);
    }

    /** Begins to publish. */
    static Load start(CaptureSource source, String bootstrapServers, String topic, int perSecond) {
        Load load = new Load(source, bootstrapServers, topic, perSecond);
        load.thread.start();
        return load;
    }

    Published published() {
        return published;
    }

    /**
     * Publishes no more, and waits for the brokers.
     *
     * @throws IllegalStateException if they don't take what was published
     */
    void end(Duration timeout) throws InterruptedException {
        ending = true;
        thread.join();
        poisoner.flush();
        try {
            CompletableFuture.allOf(unsettled.values().toArray(CompletableFuture[]::new))
                    .get(timeout.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(
                    "the brokers have not taken " + unsettled.size() + " captures within " + timeout.toSeconds() + " s",
                    e);
        }
    }

    private void publish() {
        Random random = new Random(source.seed());
        long start = System.nanoTime();
        for (long n = 0; !ending; n++) {
            awaitTurn(start + n * TimeUnit.SECONDS.toNanos(1) / perSecond);
            publish(n);
            if (n % ONE_REPEAT_OF == ONE_REPEAT_OF - 1) {
                publish(Math.max(0, n - random.nextInt(REPEAT_AMONG)));
                published.repeat();
            }
            if (n % ONE_POISON_OF == ONE_POISON_OF - 1) {
                poison("poison-" + source.seed() + "-" + n);
            }
        }
    }

    /** The load's pace; nothing waits for what it does meanwhile. */
    private void awaitTurn(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0 && !ending; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(50)));
        }
    }

    private void publish(long n) {
        CompletableFuture<?> settled = publisher.publishAsync(source.capture(n)).handle((acknowledged, failure) -> {
            published.capture(n, failure == null ? Published.Times.ONCE : Published.Times.PERHAPS);
            return n;
        });
        long publication = publications++;
        unsettled.put(publication, settled);
        var unused = settled.thenRun(() -> unsettled.remove(publication));
    }

    private void poison(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        var unused = poisoner.send(
                new ProducerRecord<>(topic, bytes, bytes),
                (metadata, failure) ->
                        published.poison(text, failure == null ? Published.Times.ONCE : Published.Times.PERHAPS));
    }

    @Override
    public void close() {
        ending = true;
        publisher.close(Duration.ofSeconds(1));
        poisoner.close(Duration.ofSeconds(1));
    }
}

package io.stepvault.bench.producer;

import com.sun.management.OperatingSystemMXBean;
import io.stepvault.bench.SampleCapture;
import io.stepvault.event.StepCapture;
import io.stepvault.producer.OverflowPolicy;
import io.stepvault.producer.PublishResult;
import io.stepvault.producer.StepPublisher;
import io.stepvault.wire.SingleObjectCodec;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Publishes captures of 180 KB as fast as the broker takes them, with the SDK or with Kafka's producer and bytes that are
 * serialized already, and reports the rate of those that come after the warm-up.
 */
final class PublishProgram {
    /**
     * Both producers get these. They are the SDK's defaults; what it sets for good (acknowledgement by all, idempotence,
     * endless retries) is Kafka's own default.
     */
    static final Map<String, Object> PRODUCER = Map.of(
            "compression.type",
            "lz4",
            "max.in.flight.requests.per.connection",
            1,
            "delivery.timeout.ms",
            7 * 24 * 60 * 60 * 1000);

    /** As many partitions can be in use at a time. */
    private static final int SESSIONS = 64;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private PublishProgram() {}

    /**
     * Runs it.
     *
     * @param args {@code sdk} or {@code bare}, bootstrap servers, topic, captures to warm up with, captures to measure
     */
    public static void main(String[] args) {
        int warmUp = Integer.parseInt(args[3]);
        int measured = Integer.parseInt(args[4]);
        List<StepCapture> captures = captures();
        PublishRound round = args[0].equals("sdk")
                ? withSdk(args[1], args[2], captures, new int[] {warmUp, measured})
                : bare(args[1], args[2], captures, new int[] {warmUp, measured});
        System.out.println(round.line());
    }

    private static PublishRound withSdk(
            String bootstrapServers, String topic, List<StepCapture> captures, int[] counts) {
        try (StepPublisher publisher = StepPublisher.to(bootstrapServers)
                .topic(topic)
                .kafka(PRODUCER)
                .overflow(OverflowPolicy.block(PATIENCE))
                .open()) {
            return measure(
                    counts,
                    number -> {
                        PublishResult result = publisher.publish(captures.get(number % SESSIONS));
                        if (result != PublishResult.ACCEPTED) {
                            throw new IllegalStateException("publish() said " + result);
                        }
                    },
                    () -> {
                        if (!publisher.flush(PATIENCE) || publisher.stats().failed() > 0) {
                            throw new IllegalStateException("not all was acknowledged: " + publisher.stats());
                        }
                    });
        }
    }

    private static PublishRound bare(String bootstrapServers, String topic, List<StepCapture> captures, int[] counts) {
        SingleObjectCodec<StepCapture> codec = SingleObjectCodec.stepCaptures();
        List<byte[]> keys = captures.stream()
                .map(capture -> capture.getSessionId().getBytes(StandardCharsets.UTF_8))
                .toList();
        List<byte[]> values = captures.stream().map(codec::encode).toList();
        Map<String, Object> properties = new HashMap<>(PRODUCER);
        properties.put("bootstrap.servers", bootstrapServers);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            return measure(
                    counts,
                    number -> {
                        int session = number % SESSIONS;
                        var unused = producer.send(
                                new ProducerRecord<>(topic, null, keys.get(session), values.get(session)),
                                (metadata, failure) -> {
                                    if (failure != null) {
                                        System.err.println("not acknowledged: " + failure);
                                        Runtime.getRuntime().halt(1);
                                    }
                                });
                    },
                    producer::flush);
        }
    }

    private static PublishRound measure(int[] counts, IntConsumer publish, Runnable flush) {
        IntStream.range(0, counts[0]).forEach(publish);
        flush.run();
        OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long cpu = process.getProcessCpuTime();
        long begun = System.nanoTime();
        IntStream.range(0, counts[1]).forEach(publish);
        flush.run();
        double seconds = (System.nanoTime() - begun) / 1e9;
        return new PublishRound(counts[1] / seconds, (process.getProcessCpuTime() - cpu) / 1e3 / counts[1]);
    }

    private static List<StepCapture> captures() {
        StepCapture sample = SampleCapture.of(Instant.now());
        return IntStream.range(0, SESSIONS)
                .mapToObj(session -> StepCapture.newBuilder(sample)
                        .setSessionId("session-" + session)
                        .build())
                .toList();
    }
}

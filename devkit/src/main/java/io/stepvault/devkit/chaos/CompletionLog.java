package io.stepvault.devkit.chaos;

import io.stepvault.devkit.readback.StepRevision;
import io.stepvault.event.BatchStored;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.wire.UndecodableException;
import io.stepvault.worker.cli.cluster.TopicReader;
import io.stepvault.worker.config.KafkaConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads what workers have published, from the first record to the last, as a {@code read_committed} consumer sees it. */
final class CompletionLog {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private CompletionLog() {}

    /** How often each revision was completed. */
    static Map<StepRevision, Integer> completions(KafkaConfig kafka) throws InterruptedException {
        Map<StepRevision, Integer> counts = new HashMap<>();
        read(kafka, ChaosTopics.COMPLETIONS, message -> {
            BatchStored batch = decode(message.value());
            batch.getSteps()
                    .forEach(step -> counts.merge(
                            new StepRevision(batch.getSessionId(), step.getStepId(), step.getRevision()),
                            1,
                            Integer::sum));
        });
        return counts;
    }

    /** How often each text was dead-lettered. */
    static Map<String, Integer> deadLetters(KafkaConfig kafka) throws InterruptedException {
        Map<String, Integer> counts = new HashMap<>();
        read(kafka, ChaosTopics.DEAD_LETTERS, message -> counts.merge(text(message.value()), 1, Integer::sum));
        return counts;
    }

    private static void read(KafkaConfig kafka, String topic, Consumer<ConsumerRecord<byte[], byte[]>> reader)
            throws InterruptedException {
        try (TopicReader topicReader = TopicReader.open(kafka, topic, TIMEOUT)) {
            while (!topicReader.isAtEnd()) {
                topicReader.read().forEach(reader);
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while reading " + topic);
                }
            }
        }
    }

    static BatchStored decode(byte[] value) {
        try {
            return SingleObjectCodec.completions().decode(value);
        } catch (UndecodableException e) {
            throw new IllegalStateException("a worker has published what is no completion", e);
        }
    }

    /** Poison is text; what is not was no poison, and its first characters tell it apart. */
    private static String text(byte[] value) {
        return new String(value, 0, Math.min(value.length, 100), StandardCharsets.UTF_8);
    }
}

package io.stepvault.worker.cli;

import io.stepvault.worker.cli.cluster.TopicReader;
import io.stepvault.worker.config.KafkaConfig;
import io.stepvault.worker.deadletter.DeadLetterReader;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which dead-letter topic a command reads. */
final class DeadLetterTopicOptions {
    static final Duration TIMEOUT = Duration.ofSeconds(15);

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Option(names = "--topic", paramLabel = "TOPIC", description = "Default: topic.dead-letters of the configuration.")
    private Optional<String> topic = Optional.empty();

    KafkaConfig kafka(Map<String, String> environment) {
        return cluster.kafka(environment);
    }

    String topic(KafkaConfig kafka) {
        return topic.orElse(kafka.topics().deadLetters());
    }

    DeadLetterReader open(KafkaConfig kafka) {
        return new DeadLetterReader(TopicReader.consumer(kafka, topic(kafka), TIMEOUT), topic(kafka), TIMEOUT);
    }
}

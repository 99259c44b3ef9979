package io.stepvault.bench.drain;

import io.stepvault.worker.config.KafkaConfig;
import io.stepvault.worker.config.KafkaOverrides;
import io.stepvault.worker.config.RegistryConfig;
import io.stepvault.worker.config.TopicsConfig;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * The settings of a Stepvault worker's consumer, in a file for a loop that runs in another process. All loops of ours
 * fetch alike, so that what sets them apart is what they do with the records.
 */
final class ConsumerFile {
    private ConsumerFile() {}

    /** Writes it to the target's directory. */
    static Path write(DrainTarget target) throws IOException {
        KafkaConfig worker = new KafkaConfig(
                target.bootstrapServers(),
                target.group(),
                new TopicsConfig(target.topic(), target.topic() + ".completed", target.topic() + ".dead-letters"),
                KafkaOverrides.none(),
                RegistryConfig.NONE);
        Properties properties = new Properties();
        worker.consumerProperties().forEach((key, value) -> properties.setProperty(key, value.toString()));
        // A worker decides by itself where a new group starts; these loops leave it to the client.
        properties.setProperty("auto.offset.reset", "earliest");
        Path file = target.directory().resolve("consumer.properties");
        try (Writer out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        }
        return file;
    }
}

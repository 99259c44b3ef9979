package io.stepvault.bench.drain.lean;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Runs the lean loop until it is killed, or ends with what went wrong. */
public final class LeanProgram {
    private LeanProgram() {}

    /**
     * Runs it.
     *
     * @param args the file of the consumer's properties, the topic, a name of {@link Puts}, the endpoint, the bucket
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        URI endpoint = URI.create(args[3]);
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(Path.of(args[0]));
                LeanS3 s3 = LeanS3.connect(endpoint, args[4], Uploads.THREADS);
                Uploads uploads = Uploads.start(s3, Runtime.getRuntime().maxMemory() / 2)) {
            new ConsumeAndPut(consumer, Puts.valueOf(args[2]), uploads).run(args[1]);
        }
    }

    static KafkaConsumer<byte[], byte[]> consumer(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            properties.load(in);
        }
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}

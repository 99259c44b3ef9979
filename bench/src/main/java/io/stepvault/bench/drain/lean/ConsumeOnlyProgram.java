package io.stepvault.bench.drain.lean;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Polls, and commits every second what was polled; until it is killed. */
public final class ConsumeOnlyProgram {
    private static final Duration POLL = Duration.ofMillis(100);

    private ConsumeOnlyProgram() {}

    /**
     * Runs it.
     *
     * @param args the file of the consumer's properties, the topic
     */
    public static void main(String[] args) throws IOException {
        Ticks ticks = new Ticks(Duration.ofSeconds(1));
        try (KafkaConsumer<byte[], byte[]> consumer = LeanProgram.consumer(Path.of(args[0]))) {
            consumer.subscribe(List.of(args[1]));
            while (true) {
                var unused = consumer.poll(POLL);
                if (ticks.isDue()) {
                    consumer.commitAsync();
                }
            }
        }
    }
}

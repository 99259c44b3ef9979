package io.stepvault.bench.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.bench.drain.lean.Puts;
import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.embedded.EmbeddedS3;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each contender in a process of its own, on a store that checks signatures and checksums. */
class DrainsIT {
    /** Tests run in their module's directory. */
    private static final Path BENCH = Path.of("").toAbsolutePath();

    private static final EmbeddedKafka kafka = EmbeddedKafka.builder().start();
    private static final EmbeddedS3 s3 = EmbeddedS3.builder().start();

    /** The lean loop's keys: partition, offset, and what is behind it. */
    private static final Comparator<String> BY_PARTITION_OFFSET_NAME = Comparator.comparing(
                    (String key) -> number(key, 0))
            .thenComparing(key -> number(key, 1))
            .thenComparing(Comparator.naturalOrder());

    private final DrainedTopic topic = DrainedTopic.fill(kafka, s3);

    @AfterAll
    static void stop() {
        kafka.close();
        s3.close();
    }

    @Test
    void consumeOnlyCommitsAllAndPutsNothing(@TempDir Path directory) throws Exception {
        topic.drain(new ConsumeOnly(), directory);

        assertThat(topic.objects()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Puts.class)
    void theLeanLoopStoresEveryByte(Puts puts, @TempDir Path directory) throws Exception {
        topic.drain(new LeanLoop(puts), directory);

        Map<String, byte[]> objects = sorted(topic.objects());
        objects.keySet().removeIf(key -> key.endsWith("/step"));
        assertThat(inARow(objects.values())).isEqualTo(inARow(topic.values()));
    }

    @Test
    void camelStoresEachCaptureAsAnObject(@TempDir Path directory) throws Exception {
        topic.drain(new CamelRoute(PeerJars.of(BENCH, "camel"), 2), directory);

        assertThat(inARow(sorted(topic.objects()).values())).isEqualTo(inARow(topic.values()));
    }

    @Test
    void aSinkOfConnectTakesEveryRecord(@TempDir Path directory, @TempDir Path plugins) throws Exception {
        PeerJars sink = new PeerJars(BENCH.resolve("src/test/peers/file-sink"), plugins.resolve("file-sink"));
        assertThat(sink.classPath()).isNotEmpty();
        Path connector = Files.writeString(plugins.resolve("file.properties"), """
                connector.class=org.apache.kafka.connect.file.FileStreamSinkConnector
                topics=${bench:topic}
                file=${bench:directory}/of-${env:AWS_REGION}
                worker.value.converter=org.apache.kafka.connect.storage.StringConverter
                worker.value.converter.converter.encoding=ISO-8859-1
                """);

        topic.drain(new ConnectSink(PeerJars.of(BENCH, "connect"), plugins, connector), directory);

        // A line's end after each record, in the order of polls.
        long bytes =
                topic.values().stream().mapToLong(value -> value.length + 1L).sum();
        assertThat(Files.readString(directory.resolve("of-us-east-1")).length()).isEqualTo(bytes);
    }

    private static Map<String, byte[]> sorted(Map<String, byte[]> byKey) {
        Map<String, byte[]> objects = new TreeMap<>(BY_PARTITION_OFFSET_NAME);
        objects.putAll(byKey);
        return objects;
    }

    private static int number(String key, int part) {
        return Integer.parseInt(key.split("/", -1)[part]);
    }

    private static byte[] inARow(Collection<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }
}

package io.stepvault.bench.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConnectSinkTest {
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    @TempDir
    Path directory;

    private PeerJars copiedAlready = new PeerJars(Path.of("no project"), Path.of("no jars"));

    @BeforeEach
    void jarsAreThere() throws IOException {
        Path project = Files.createDirectory(directory.resolve("project"));
        Path jars = Files.createDirectory(directory.resolve("jars"));
        Files.writeString(project.resolve("pom.xml"), "<project/>");
        Files.writeString(jars.resolve("copied"), "");
        Files.setLastModifiedTime(jars.resolve("copied"), Files.getLastModifiedTime(project.resolve("pom.xml")));
        copiedAlready = new PeerJars(project, jars);
    }

    @Test
    void fillsInTheRunAndLeavesTheSinksOwnTemplatesAlone() throws IOException {
        ConnectSink sink = sink("""
                topics=${bench:topic}
                store.url=${bench:endpoint}
                s3.bucket.name=${bench:bucket}
                file.name.template={{topic}}-{{start_offset}}
                aws.access.key.id=${env:AWS_ACCESS_KEY_ID}
                name=of the user
                worker.offset.flush.interval.ms=2500
                """);

        List<String> command = sink.command(target());

        Properties connector = read(command.get(command.size() - 1));
        assertThat(connector)
                .containsEntry("topics", "captures")
                .containsEntry("store.url", "http://127.0.0.1:9000")
                .containsEntry("s3.bucket.name", "bucket")
                .containsEntry("file.name.template", "{{topic}}-{{start_offset}}")
                .containsEntry("aws.access.key.id", "${env:AWS_ACCESS_KEY_ID}")
                .containsEntry("name", "run-1")
                .hasSize(6);
        assertThat(read(command.get(command.size() - 2)))
                .containsEntry("offset.flush.interval.ms", "2500")
                .containsEntry("bootstrap.servers", "127.0.0.1:9092");
    }

    @Test
    void itsGroupFollowsFromItsName() throws IOException {
        assertThat(sink("").group("run-1")).isEqualTo("connect-run-1");
    }

    @Test
    void refusesWhatStandsForNothing() throws IOException {
        ConnectSink sink = sink("topics=${bench:topics}");

        assertThatThrownBy(() -> sink.command(target()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("${bench:topics}")
                .hasMessageContaining("bucket, directory, endpoint, topic");
    }

    private ConnectSink sink(String settings) throws IOException {
        Path file = Files.writeString(directory.resolve("confluent-s3.properties"), settings);
        return new ConnectSink(copiedAlready, directory, file);
    }

    private DrainTarget target() throws IOException {
        return new DrainTarget(
                "127.0.0.1:9092",
                "captures",
                "run-1",
                URI.create("http://127.0.0.1:9000"),
                "bucket",
                Files.createDirectories(directory.resolve("run")));
    }

    private static Properties read(String file) throws IOException {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of(file))) {
            properties.load(in);
        }
        return properties;
    }
}

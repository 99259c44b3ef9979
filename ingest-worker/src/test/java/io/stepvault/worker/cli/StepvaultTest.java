package io.stepvault.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be told without any server. */
class StepvaultTest {
    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "worker",
                "topics",
                "topics create",
                "topics list",
                "publish",
                "completions",
                "dead-letters",
                "dead-letters list",
                "dead-letters show",
                "dead-letters redrive",
                "dead-letters export",
                "sessions",
                "steps",
                "get",
                "spool",
                "spool ls",
                "spool show",
                "spool verify",
                "spool drain",
                "lifecycle",
                "lifecycle show",
                "lifecycle policy",
                "lifecycle apply",
                "lifecycle expire",
                "lifecycle clean",
                "lifecycle delete",
                "lifecycle versions",
                "lifecycle restore",
                "lifecycle bucket",
                "lifecycle bucket show",
                "lifecycle bucket apply",
                "lifecycle bucket remove",
                "doctor"
            })
    void helpsWithExamplesAtEveryLevel(String command) {
        CommandRun run = CommandRun.of((command + " --help").split(" "));

        assertThat(run.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(run.out()).contains("Usage: stepvault " + command, "Example", "  stepvault " + command);
    }

    @Test
    void listsSubcommandsAndExitCodes() {
        assertThat(CommandRun.of("--help").out()).contains("publish", "doctor", "Exit codes: 0 done");
        assertThat(CommandRun.of("--version").out()).matches("stepvault \\d\\S+ \\(Java .*\\)\\R");
    }

    @Test
    void suggestsWhatWasPerhapsMeant() {
        CommandRun run = CommandRun.of("topcis");

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("'topcis'", "stepvault topics");
    }

    @Test
    void saysEveryMistakeOfAConfigurationAtOnce() throws IOException {
        Path file = write("batch.max.aeg=5s", "http.port=-1", "store.uri=ftp://x");

        CommandRun run = CommandRun.of("worker", "--config", file.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.out()).isEmpty();
        assertThat(run.errLines())
                .hasSize(4)
                .allMatch(line -> line.startsWith("stepvault: "))
                .anyMatch(line -> line.contains("batch.max.aeg") && line.contains("batch.max.age"))
                .anyMatch(line -> line.contains("http.port"))
                .anyMatch(line -> line.contains("store.uri"))
                .anyMatch(line -> line.contains("kafka.bootstrap.servers: must be set"));
    }

    @Test
    void refusesAStoreParameterThatNoStoreKnows() throws IOException {
        Path file = write("kafka.bootstrap.servers=127.0.0.1:1", "store.uri=s3://bucket/prefix?endpiont=http://x");

        CommandRun run = CommandRun.of("worker", "--config", file.toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.errLines()).singleElement().asString().startsWith("stepvault: store.uri: ");
    }

    @Test
    void saysThatAPortIsInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path file = write(
                    "kafka.bootstrap.servers=127.0.0.1:1",
                    "store.uri=" + directory.resolve("store").toUri(),
                    "memory.max.bytes=80MiB",
                    "http.host=127.0.0.1",
                    "http.port=" + taken.getLocalPort());

            CommandRun run = CommandRun.of("worker", "--config", file.toString());

            assertThat(run.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(run.errLines()).singleElement().asString().contains(":" + taken.getLocalPort(), "http.port");
        }
    }

    @Test
    void asksForWhatWasNotNamed() {
        for (List<String> command : List.of(
                List.of("topics", "create"),
                List.of("topics", "list"),
                List.of("completions"),
                List.of("dead-letters", "list"),
                List.of("dead-letters", "show", "0@1"),
                List.of("dead-letters", "redrive", "--yes"),
                List.of("dead-letters", "export", "--to", "out"))) {
            assertUsage(CommandRun.of(command.toArray(String[]::new)), "no brokers named; add --bootstrap");
        }
        assertUsage(CommandRun.of("sessions"), "no store named; add --store");
        assertUsage(CommandRun.of("steps", "s"), "no store named; add --store");
        assertUsage(CommandRun.of("get", "s", "1"), "no store named; add --store");
    }

    @Test
    void refusesBadOptions() {
        assertUsage(CommandRun.of("topics", "create", "-b", "nowhere"), "--bootstrap: 'nowhere'");
        assertUsage(CommandRun.of("topics", "create", "-b", "h:1", "--partitions", "0"), "--partitions: '0'");
        assertUsage(CommandRun.of("completions", "-b", "h:1", "--from", "latest"), "add --follow");
        assertUsage(CommandRun.of("completions", "-b", "h:1", "--limit", "0"), "--limit: '0'");
        String[] letters = {"dead-letters", "list", "-b", "h:1"};
        assertUsage(with(letters, "--reason", "undecodeable"), "known are null-value, undecodable");
        assertUsage(with(letters, "--since", "yesterday"), "--since: 'yesterday' is no time; write 2026-11-22T08");
        assertUsage(with(letters, "--until", "2026-13-01"), "--until: '2026-13-01'");
        assertUsage(with(letters, "--source", "topic:x"), "write TOPIC, TOPIC:PARTITION or TOPIC:PARTITION:OFFSET");
        assertUsage(with(letters, "--limit", "0"), "--limit: '0'");
        assertUsage(CommandRun.of("dead-letters", "show", "17", "-b", "h:1"), "write PARTITION@OFFSET");
        assertUsage(CommandRun.of("dead-letters", "show", "0@1", "-b", "h:1", "--bytes", "0"), "--bytes: '0'");
        assertUsage(CommandRun.of("dead-letters", "export", "-b", "h:1"), "--to");
        assertUsage(CommandRun.of("sessions", "-s", "./store"), "s3://bucket/prefix or file:///dir");
        assertUsage(CommandRun.of("sessions", "-s", directory.toUri().toString(), "--limit", "0"), "--limit: '0'");
        assertUsage(CommandRun.of("sessions", "-s", directory.toUri().toString(), "--after", "x"), "--after: ");
        assertUsage(CommandRun.of("get", "s", "1", "-s", directory.toUri().toString(), "--out", "-"), "--artifact");
        assertUsage(
                CommandRun.of("get", "s", "1", "-s", directory.toUri().toString(), "--revision", "1"), "--revision");
    }

    @Test
    void saysWhatItExpectedOfACrawl() {
        assertUsage(
                CommandRun.of("publish", directory.toString(), "-b", "127.0.0.1:1"),
                "there is no crawl in " + directory + "; expected a directory for each session");
    }

    @Test
    void makesNoDirectoryOutOfATypingMistake() {
        Path missing = directory.resolve("missing");

        CommandRun run = CommandRun.of("sessions", "--store", missing.toUri().toString());

        assertThat(run.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(run.errLines()).singleElement().asString().contains("no such directory");
        assertThat(missing).doesNotExist();
    }

    @Test
    void takesTheStoreFromTheEnvironment() {
        CommandRun run = CommandRun.in(
                Map.of("STEPVAULT_STORE_URI", directory.toUri().toString(), "STEPVAULT_DEBUG", ""), "sessions");

        assertThat(run.exitCode()).isEqualTo(ExitCode.DONE);
        assertThat(run.err()).startsWith("no sessions in file:");
    }

    @Test
    void showsAStackTraceOnlyToWhoAsks() {
        String[] failing = {
            "sessions", "--store", directory.resolve("missing").toUri().toString(), "--debug"
        };

        assertThat(CommandRun.of(failing).err()).contains("\tat io.stepvault");
    }

    private static CommandRun with(String[] command, String... more) {
        return CommandRun.of(
                Stream.concat(Arrays.stream(command), Arrays.stream(more)).toArray(String[]::new));
    }

    private static void assertUsage(CommandRun run, String expected) {
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.errLines().get(0)).startsWith("stepvault: ").contains(expected);
        assertThat(run.out()).isEmpty();
    }

    private Path write(String... lines) throws IOException {
        return Files.write(directory.resolve("worker.properties"), List.of(lines));
    }
}

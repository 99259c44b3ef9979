package io.stepvault.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.event.StepCapture;
import io.stepvault.storage.StepStore;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.worker.Captures;
import io.stepvault.worker.flow.SourceRecord;
import io.stepvault.worker.spool.BatchOrigin;
import io.stepvault.worker.spool.SpoolDisk.Written;
import io.stepvault.worker.spool.SpoolEntry;
import io.stepvault.worker.spool.SpooledBatch;
import io.stepvault.worker.spool.SpooledCapture;
import io.stepvault.worker.spool.file.FreeSpace;
import io.stepvault.worker.spool.file.SpoolContents;
import io.stepvault.worker.spool.file.SpoolDirectory;
import io.stepvault.worker.spool.file.SpoolFiles;
import io.stepvault.worker.spool.file.SpoolLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands for a disk queue, on real files. */
class SpoolCommandTest {
    private static final String HOSTILE = "evil\u001B[2J\u202E";

    @TempDir
    private Path root = Path.of("");

    private Path spool = Path.of("");
    private Path store = Path.of("");

    @BeforeEach
    void makeStore() throws IOException {
        spool = root.resolve("spool");
        store = Files.createDirectory(root.resolve("store"));
    }

    @Test
    void listsFilesAndBatches() throws IOException {
        write(batch(0, "s1", 5, 6, 7), batch(0, "s2", 8));
        write(batch(1, HOSTILE, 3));

        CommandRun files = CommandRun.of("spool", "ls", spool.toString());
        CommandRun batches = CommandRun.of("spool", "ls", spool.toString(), "--batches");

        assertThat(files.exitCode()).isZero();
        assertThat(files.lines()).hasSize(3);
        assertThat(files.lines().get(1))
                .containsPattern("\\.spool +0\\.\\d s +2 +4 +2 +\\S+ KiB +step-captures-0 +5-8 +intact$");
        assertThat(files.err()).contains("2 files, 3 batches, 5 captures");
        assertThat(batches.lines()).hasSize(4);
        assertThat(batches.lines().get(1)).containsPattern("step-captures-0 +5-7 +3 +\\S+ (B|KiB) +s1$");
        assertThat(batches.lines().get(3)).endsWith("evil\\u{1B}[2J\\u{202E}");
    }

    @Test
    void listsForPrograms() throws IOException {
        SpoolEntry entry = write(batch(0, "s1", 5)).get(0);

        assertThat(CommandRun.of("spool", "ls", spool.toString(), "--json").lines())
                .singleElement()
                .asString()
                .contains(
                        "\"file\":\"" + entry.file() + "\"",
                        "\"batches\":1",
                        "\"partitions\":[\"step-captures-0\"]",
                        "\"condition\":\"intact\"");
        assertThat(CommandRun.of("spool", "ls", spool.toString(), "--json", "--batches")
                        .lines())
                .singleElement()
                .asString()
                .contains("\"topic_id\":\"topic-id\"", "\"session_id\":\"s1\"", "\"offsets\":[5]");
    }

    @Test
    void showsCapturesWithoutPayload() throws IOException {
        write(batch(0, "s1", 5, 6), batch(1, "s2", 9));
        write(undecodable("s3", 10));

        CommandRun one = CommandRun.of("spool", "show", spool.toString(), "--session", "s1");
        CommandRun all = CommandRun.of("spool", "show", spool.toString(), "--json");

        assertThat(one.exitCode()).isZero();
        assertThat(one.lines()).hasSize(3);
        assertThat(one.lines().get(1)).contains("step-captures-0", "2026-11-20T08:00:00Z", "s1", "step-5");
        assertThat(one.out()).doesNotContain("<p>");
        assertThat(all.lines()).hasSize(4);
        assertThat(all.lines().get(3)).contains("\"step_id\":null", "\"problem\":\"undecodable\"");
        assertThat(CommandRun.of("spool", "show", spool.toString(), "--session", "none")
                        .exitCode())
                .isEqualTo(ExitCode.PROBLEMS);
    }

    @Test
    void readsBesideAWorkerAndSaysSo() throws IOException {
        write(batch(0, "s1", 5));

        try (SpoolDirectory held = SpoolDirectory.open(spool)) {
            CommandRun listed = CommandRun.of("spool", "ls", spool.toString());
            assertThat(listed.exitCode()).isZero();
            assertThat(listed.err()).contains("a worker has");
            CommandRun drained = drain();
            assertThat(drained.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(drained.errLines()).singleElement().asString().contains("stop that worker first");
            assertThat(SpoolDirectory.isHeld(held.root())).isTrue();
        }

        assertThat(CommandRun.of("spool", "ls", spool.toString()).err()).doesNotContain("a worker has");
    }

    @Test
    void verifiesAndNamesWhatIsDamaged() throws IOException {
        SpoolEntry intact = write(batch(0, "s1", 5)).get(0);
        assertThat(CommandRun.of("spool", "verify", spool.toString()).exitCode())
                .isZero();
        SpoolEntry damaged = write(batch(0, "s1", 6), batch(0, "s1", 7)).get(1);
        damage(damaged);

        CommandRun verified = CommandRun.of("spool", "verify", spool.toString());
        CommandRun forPrograms = CommandRun.of("spool", "verify", spool.toString(), "--json");

        assertThat(verified.exitCode()).isEqualTo(ExitCode.PROBLEMS);
        assertThat(verified.out())
                .contains(damaged.file() + ": the checksum does not match", "1 of 2 batches", "checked 2 files")
                .doesNotContain(intact.file());
        assertThat(forPrograms.lines()).singleElement().asString().contains("\"intact_batches\":2");
        assertThat(CommandRun.of("spool", "ls", spool.toString()).exitCode()).isEqualTo(ExitCode.PROBLEMS);
    }

    @Test
    void drainsIntoTheStoreAndRemovesTheFiles() throws IOException {
        write(batch(0, "s1", 5, 6), batch(1, "s2", 9));
        write(batch(0, "s1", 7));
        Path chunk = Files.writeString(spool.resolve("chunks/open"), "x");

        CommandRun tried = drain("--dry-run");
        assertThat(tried.exitCode()).isZero();
        assertThat(tried.err()).contains("would store 4 captures of 2 files");
        assertThat(queue()).hasSize(2);
        CommandRun drained = drain();

        assertThat(drained.exitCode()).isZero();
        assertThat(drained.lines()).hasSize(3);
        assertThat(drained.lines().get(1)).containsPattern("step-captures-0 +3 +0 ");
        assertThat(drained.err()).contains("removed 2 files, 0 left", "completions");
        assertThat(queue()).isEmpty();
        assertThat(chunk).exists();
        try (StepStore opened = StepStore.open(store.toUri())) {
            assertThat(opened.load("s1", "step-7")).isPresent();
            assertThat(opened.load("s2", "step-9")).isPresent();
        }
        assertThat(drain().exitCode()).isZero();
    }

    @Test
    void removesWhatBelongsToADeletedSession() throws IOException {
        write(batch(0, "s1", 5, 6), batch(0, "gone" + HOSTILE, 9, 10));
        try (StepStore opened = StepStore.open(store.toUri())) {
            opened.deleteSession("gone" + HOSTILE);
        }

        CommandRun drained = drain("--json");

        assertThat(drained.exitCode()).isZero();
        assertThat(drained.out()).contains("\"stored\":2,\"left\":0,\"deleted\":2");
        assertThat(drained.err()).containsOnlyOnce("session goneevil%1B%5B2J%E2%80%AE has been deleted");
        assertThat(queue()).isEmpty();
        write(batch(0, "gone" + HOSTILE, 9));
        assertThat(drain().err()).contains("removed 1 file, 0 left", "of deleted sessions: 1 capture");
    }

    @Test
    void keepsAFileThatHoldsWhatCannotBeStored() throws IOException {
        SpoolEntry kept = write(batch(0, "s1", 5), undecodable("s1", 6)).get(0);
        write(batch(0, "s1", 7));

        CommandRun drained = drain("--json");

        assertThat(drained.exitCode()).isEqualTo(ExitCode.PROBLEMS);
        assertThat(drained.err()).contains("step-captures-0 at offset 6 cannot be decoded");
        assertThat(drained.out()).contains("\"files_left\":1", "\"stored\":2,\"left\":1");
        assertThat(queue()).containsExactly(kept.file());
    }

    @Test
    void endsEarlyAndLosesNothingWhenTheStoreFails() throws IOException {
        write(batch(0, "s1", 5));
        write(batch(0, "s1", 6));
        Files.writeString(store.resolve("sessions"), "a file in the way");
        Files.writeString(store.resolve("days"), "a file in the way");

        CommandRun drained = drain();

        assertThat(drained.exitCode()).isEqualTo(ExitCode.PROBLEMS);
        assertThat(drained.err()).contains("not stored: ", "removed 0 files, 2 left");
        assertThat(drained.lines().get(1)).containsPattern("step-captures-0 +0 +2 ");
        assertThat(queue()).hasSize(2);
    }

    @Test
    void storesWhatIsIntactInADamagedFileAndMovesItAside() throws IOException {
        List<SpoolEntry> entries = write(batch(0, "s1", 5), batch(0, "s1", 6));
        damage(entries.get(0));

        CommandRun drained = drain();

        assertThat(drained.exitCode()).isEqualTo(ExitCode.PROBLEMS);
        assertThat(drained.err()).contains("checksum", "1 damaged");
        assertThat(queue()).isEmpty();
        assertThat(spool.resolve("corrupt").resolve(entries.get(0).file())).exists();
        try (StepStore opened = StepStore.open(store.toUri())) {
            assertThat(opened.load("s1", "step-6")).isPresent();
            assertThat(opened.load("s1", "step-5")).isEmpty();
        }
    }

    @Test
    void saysInOneLineWhatIsWrongWithTheArguments() throws IOException {
        Path none = root.resolve("none");
        for (String command : List.of("ls", "show", "verify")) {
            CommandRun missing = CommandRun.of("spool", command, none.toString());
            assertThat(missing.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(missing.errLines()).singleElement().asString().contains("there is no directory");
        }
        CommandRun other = CommandRun.of("spool", "ls", store.toString());
        assertThat(other.errLines()).singleElement().asString().contains("is not a worker's spool directory");
        write(batch(0, "s1", 5));
        CommandRun nowhere = CommandRun.of("spool", "drain", spool.toString());
        assertThat(nowhere.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(nowhere.errLines()).singleElement().asString().contains("no store named");
        assertThat(CommandRun.of("spool").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(queue()).hasSize(1);
    }

    private CommandRun drain(String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "spool", "drain", spool.toString(), "--store", store.toUri().toString()));
        arguments.addAll(List.of(options));
        return CommandRun.of(arguments.toArray(String[]::new));
    }

    private List<SpoolEntry> write(SpooledBatch... batches) throws IOException {
        Clock clock = Clock.systemUTC();
        try (SpoolDirectory directory = SpoolDirectory.open(spool);
                SpoolFiles disk = new SpoolFiles(
                        directory,
                        SpoolContents.read(directory, clock),
                        new SpoolLimits(1L << 30, 0, 1_000),
                        FreeSpace.of(spool),
                        clock)) {
            return ((Written.Durably) disk.write(List.of(batches)).join()).entries();
        }
    }

    private void damage(SpoolEntry entry) throws IOException {
        Path file = spool.resolve("queue").resolve(entry.file());
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) (entry.position() + entry.bytes() / 2)] ^= 1;
        Files.write(file, bytes);
    }

    private List<String> queue() throws IOException {
        return SpoolContents.names(spool.resolve("queue"));
    }

    private static SpooledBatch batch(int partition, String session, long... offsets) {
        List<SpooledCapture> captures = new ArrayList<>();
        for (long offset : offsets) {
            StepCapture capture = Captures.aStep(session, "step-" + offset).build();
            captures.add(
                    capture(session, offset, SingleObjectCodec.stepCaptures().encode(capture)));
        }
        return new SpooledBatch(
                new BatchOrigin("cluster", "topic-id", new TopicPartition("step-captures", partition)),
                session,
                captures);
    }

    private static SpooledBatch undecodable(String session, long offset) {
        return new SpooledBatch(
                new BatchOrigin("cluster", "topic-id", new TopicPartition("step-captures", 0)),
                session,
                List.of(capture(session, offset, new byte[] {1, 2, 3})));
    }

    private static SpooledCapture capture(String session, long offset, byte[] value) {
        byte[] key = session.getBytes(StandardCharsets.UTF_8);
        return new SpooledCapture(List.of(offset), new SourceRecord(key, value, List.of(), 1_790_000_000_000L));
    }
}

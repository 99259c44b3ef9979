package io.stepvault.worker.cli.lifecycle;

import static io.stepvault.worker.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.storage.PageRequest;
import io.stepvault.storage.SessionEntry;
import io.stepvault.storage.StepStore;
import io.stepvault.worker.cli.CommandRun;
import io.stepvault.worker.cli.ExitCode;
import io.stepvault.worker.cli.terminal.Confirmation;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands, on a directory. */
class LifecycleCommandTest {
    private static final String HOSTILE = "evil\u001B[2J\u202E";

    private final Instant longAgo = Instant.now().minus(Duration.ofDays(40));

    @TempDir
    private Path directory = Path.of("");

    @Test
    void showsAnEmptyStore() {
        CommandRun run = run("show");

        assertThat(run.exitCode()).isZero();
        assertThat(run.lines())
                .contains("policy      none; keeps all for ever", "sessions    none", "deleted     0 sessions")
                .noneMatch(line -> line.startsWith("rules"));
    }

    @Test
    void writesAPolicyAndShowsIt() {
        store("old", longAgo, Map.of());
        store("new", Instant.now(), Map.of());

        CommandRun written =
                run("policy", "--expire-after", "30d", "--keep-revisions", "2", "--hold", "legal", "--hold", "case=17");
        CommandRun shown = run("show");
        CommandRun json = run("show", "--json");

        assertThat(written.exitCode()).isZero();
        assertThat(written.lines())
                .containsExactly("steps expire after 30 days; of a step, the last 2 revisions are kept;"
                        + " label case=17 holds; label legal holds");
        assertThat(shown.lines())
                .contains("policy      " + written.lines().get(0))
                .anyMatch(
                        line -> line.matches("sessions    on 2 days, \\S+ to \\S+; 2 listed, each on each of its days"))
                .anyMatch(line -> line.startsWith("expired     1 of these"));
        assertThat(json.lines())
                .singleElement()
                .asString()
                .contains(
                        "\"expire_after_days\":30",
                        "\"keep_revisions\":2",
                        "\"holds\":[{\"label\":\"case\",\"value\":\"17\"},{\"label\":\"legal\"}]",
                        "\"listed\":2",
                        "\"expired\":1",
                        "\"bucket\":null");
    }

    @Test
    void replacesAPolicyOnlyIfItIsTold() {
        run("policy", "--expire-after", "30d", "--hold", "legal");

        CommandRun unasked = run("policy", "--expire-after", "20d");
        CommandRun refused = answering("n\n", "policy", "--expire-after", "20d");
        assertThat(unasked.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(unasked.err()).contains("label legal holds", "--yes");
        assertThat(refused.err()).contains("now     steps expire after 30 days", "stays as it was");
        assertThat(run("show").out()).contains("30 days");
        assertThat(run("policy", "--expire-after", "30d", "--hold", "legal").exitCode())
                .isZero();
        assertThat(answering("y\n", "policy", "--expire-after", "20d").exitCode())
                .isZero();
        assertThat(run("policy", "--keep-all", "--yes", "--json").lines()).containsExactly("{\"holds\":[]}");
    }

    @Test
    void appliesThePolicyButForWhatALabelHolds() {
        store("old", longAgo, Map.of());
        store("held", longAgo, Map.of("legal", "1"));
        store("new", Instant.now(), Map.of());
        run("policy", "--expire-after", "30d", "--hold", "legal");

        CommandRun dry = run("apply", "--dry-run");
        CommandRun dryJson = run("apply", "--dry-run", "--json");
        assertThat(sessions()).containsExactlyInAnyOrder("new", "old", "held");
        CommandRun done = run("apply", "--yes");

        assertThat(dry.lines()).hasSize(3).anyMatch(line -> line.matches(" +\\S+ B  sessions/old/.*/page\\.html"));
        assertThat(dry.err())
                .contains("would remove 3 objects, ", "nothing was removed", "held: session held, label legal");
        assertThat(dryJson.lines()).hasSize(4);
        assertThat(dryJson.lines().get(0)).contains("\"key\":\"sessions/old/", "\"kind\":\"object\"");
        assertThat(dryJson.lines().get(3))
                .startsWith("{\"dry_run\":true,\"objects\":3,\"uploads\":0,\"bytes\":")
                .contains("\"held\":1,\"expired\":{\"objects\":3,", "\"thinned_out\":{", "\"cleaned\":{");
        assertThat(done.lines()).singleElement().asString().startsWith("removed 3 objects, ");
        assertThat(done.err()).contains("expired: 3 objects", "cleaned: 0 objects", "held: session held");
        assertThat(sessions()).containsExactlyInAnyOrder("new", "held");
    }

    @Test
    void appliesNoPolicyThatIsNotThere() {
        CommandRun run = run("apply", "--yes");

        assertThat(run.exitCode()).isEqualTo(ExitCode.PROBLEMS);
        assertThat(run.err()).contains("no policy", "stepvault lifecycle policy");
    }

    @Test
    void removesNothingByAPolicyThatItDoesNotKnow() throws IOException {
        store("old", longAgo, Map.of());
        Files.writeString(directory.resolve("policy.json"), "{\"format\":2}");

        CommandRun run = run("expire", "--older-than", "30d", "--yes");

        assertThat(run.exitCode()).isEqualTo(ExitCode.PROBLEMS);
        assertThat(run.err()).contains("has format 2", "until it is mended");
        assertThat(sessions()).containsExactly("old");
    }

    @Test
    void expiresByDayOrByAge() {
        store("old", longAgo, Map.of());
        store("older", longAgo.minus(Duration.ofDays(10)), Map.of());
        LocalDate between = LocalDate.ofInstant(longAgo, ZoneOffset.UTC);

        assertThat(run("expire", "--before", between.toString(), "--yes", "--json")
                        .lines())
                .singleElement()
                .asString()
                .startsWith("{\"dry_run\":false,\"objects\":3,\"uploads\":0,")
                .doesNotContain("expired");
        assertThat(sessions()).containsExactly("old");
        assertThat(run("expire", "--older-than", "39d", "--yes").exitCode()).isZero();
        assertThat(sessions()).isEmpty();
    }

    @Test
    void asksBeforeItRemoves() {
        store("old", longAgo, Map.of());
        String[] expire = {"expire", "--older-than", "30d"};

        CommandRun unasked = run(expire);
        CommandRun refused = answering("\n", expire);
        assertThat(unasked.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(unasked.err()).contains("no terminal to ask on");
        assertThat(refused.exitCode()).isZero();
        assertThat(refused.err()).contains("Remove 3 objects, ", "from file:", "nothing was removed");
        assertThat(sessions()).containsExactly("old");
        assertThat(answering("yes\n", expire).out()).startsWith("removed 3 objects");
        assertThat(answering("", expire).err()).contains("nothing to remove");
    }

    @Test
    void cleansUpTemporaryFilesAndOrphans() throws IOException {
        store("old", longAgo, Map.of());
        try (Stream<Path> files = Files.walk(directory.resolve("sessions"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.endsWith("step.json")) {
                    Files.delete(file);
                } else {
                    Files.setLastModifiedTime(file, FileTime.from(longAgo));
                }
            }
        }
        // A file of a day would go when the store is opened.
        CommandRun young = run("clean", "--grace", "60d", "--yes");
        CommandRun dry = run("clean", "--dry-run");
        CommandRun done = run("clean", "--yes");

        assertThat(young.out()).startsWith("removed 0 objects");
        assertThat(dry.lines()).singleElement().asString().endsWith("page.html");
        assertThat(done.out()).startsWith("removed 1 object, ");
    }

    @Test
    void deletesSessionsForGood() {
        store("one", longAgo, Map.of());
        store(HOSTILE, Instant.now(), Map.of("legal", "1"));
        run("policy", "--hold", "legal");

        CommandRun dry = run("delete", "one", "--dry-run");
        CommandRun partly = run("delete", "one", HOSTILE, "not-yet-seen", "--yes");
        assertThat(dry.lines()).hasSize(3);
        assertThat(partly.exitCode()).isEqualTo(ExitCode.PROBLEMS);
        assertThat(partly.out()).startsWith("removed 3 objects");
        assertThat(partly.err()).contains("not deleted: session evil%1B%5B2J", "label legal", "--force");
        assertThat(sessions()).containsExactly(HOSTILE);
        CommandRun forced = run("delete", HOSTILE, "--force", "--yes");

        assertThat(forced.exitCode()).isZero();
        assertThat(sessions()).isEmpty();
        store("not-yet-seen", Instant.now(), Map.of());
        assertThat(sessions()).isEmpty();
        assertThat(run("show").lines()).contains("deleted     3 sessions");
    }

    @Test
    void asksBeforeItDeletesWhatIsNotThereYet() {
        assertThat(answering("y\n", "delete", "later").err()).contains("Remove 0 objects, 0 B");
        assertThat(run("show").lines()).contains("deleted     1 session");
    }

    @Test
    void saysThatADirectoryKeepsNoVersionsAndHasNoRules() {
        for (String[] command : List.of(
                new String[] {"versions", "s"},
                new String[] {"restore", "s"},
                new String[] {"bucket", "show"},
                new String[] {"bucket", "remove", "--yes"},
                new String[] {"bucket", "apply", "--uploads-after", "7d", "--yes"})) {
            CommandRun run = run(command);

            assertThat(run.exitCode()).as(command[0]).isEqualTo(ExitCode.COULD_NOT_RUN);
            assertThat(run.err()).containsAnyOf("keeps no versions", "is no bucket");
        }
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertUsage("--older-than: '1d' is too young", "expire", "--older-than", "1d", "--yes");
        assertUsage("--older-than: '36h' is not in whole days", "expire", "--older-than", "36h", "--yes");
        assertUsage("--before: 'soon' is no day", "expire", "--before", "soon", "--yes");
        assertUsage("--before: '9999-01-01' is too young", "expire", "--before", "9999-01-01", "--yes");
        assertUsage("--before", "expire", "--yes");
        assertUsage("mutually exclusive", "expire", "--before", "2020-01-01", "--older-than", "9d", "--yes");
        assertUsage("--grace: '1d' is not allowed; expected 2d", "clean", "--grace", "1d", "--yes");
        assertUsage("--grace: '3' is not a duration", "apply", "--grace", "3", "--yes");
        assertUsage("add --expire-after", "policy");
        assertUsage("--keep-all", "policy", "--keep-all", "--hold", "x");
        assertUsage("steps expire after 2 to 36500 days", "policy", "--expire-after", "1d");
        assertUsage("a hold names a label", "policy", "--hold", "=x");
        assertUsage("--at: 'now' is no time", "restore", "s", "--at", "now");
        assertUsage("add --expire-after", "bucket", "apply", "--yes");
        assertUsage("at least 2 days", "bucket", "apply", "--expire-after", "1d", "--yes");
        assertUsage("no terminal", "bucket", "remove");
        assertUsage("SESSION", "delete", "x".repeat(300), "--yes");
        assertUsage("Missing subcommand", new String[0]);
    }

    private void assertUsage(String expected, String... arguments) {
        CommandRun run = arguments.length == 0 ? CommandRun.of("lifecycle") : run(arguments);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).startsWith("stepvault: ").contains(expected);
        assertThat(run.out()).isEmpty();
    }

    private CommandRun run(String... arguments) {
        return CommandRun.of(Stream.of(
                        Stream.of("lifecycle"),
                        Stream.of(arguments),
                        Stream.of("--store", directory.toUri().toString()))
                .flatMap(each -> each)
                .toArray(String[]::new));
    }

    /** As a person at a terminal. */
    private CommandRun answering(String answer, String... arguments) {
        return CommandRun.by(
                console -> LifecycleCommand.tree(
                        console,
                        new Confirmation(new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)), true)),
                Stream.concat(
                                Stream.of(arguments),
                                Stream.of("--store", directory.toUri().toString()))
                        .toArray(String[]::new));
    }

    private void store(String session, Instant at, Map<String, String> labels) {
        try (StepStore store = StepStore.open(directory.toUri())) {
            store.store(List.of(
                    aStep(session, "step").setCapturedAt(at).setLabels(labels).build()));
        }
    }

    private List<String> sessions() {
        try (StepStore store = StepStore.open(directory.toUri())) {
            return store.sessions(PageRequest.first(99)).items().stream()
                    .map(SessionEntry::sessionId)
                    .toList();
        }
    }
}

package io.stepvault.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.event.StepCapture;
import io.stepvault.storage.StepStore;
import io.stepvault.worker.Captures;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that read a store, on real files. */
class ReadingCommandsTest {
    @TempDir
    private Path root = Path.of("");

    private String store = "";
    private String other = "";

    @BeforeEach
    void storeSomething() {
        store = root.resolve("store").toUri().toString();
        other = root.resolve("other").toUri().toString();
        try (StepStore opened = StepStore.open(URI.create(store))) {
            opened.store(List.of(
                    aStep("crawl-1", "a", 0, 0),
                    aStep("crawl-1", "b", 0, 3),
                    aStep("crawl-2", "a", 1, 0),
                    aStep("other", "a", 2, 0)));
        }
    }

    private static StepCapture aStep(String session, String step, int day, long sequence) {
        return Captures.aStep(session, step)
                .setCapturedAt(Captures.CAPTURED_AT.plus(Duration.ofDays(day)))
                .setSequence(sequence)
                .build();
    }

    @Test
    void listsSessionsByPrefixAndDay() {
        assertThat(sessions()).containsExactly("2026-11-22  other", "2026-11-21  crawl-2", "2026-11-20  crawl-1");
        assertThat(sessions("--prefix", "crawl")).containsExactly("2026-11-21  crawl-2", "2026-11-20  crawl-1");
        assertThat(sessions("--since", "2026-11-21")).containsExactly("2026-11-22  other", "2026-11-21  crawl-2");
        assertThat(sessions("--since", "2026-11-21", "--until", "2026-11-21")).containsExactly("2026-11-21  crawl-2");
        assertThat(sessions("--by-id")).containsExactly("crawl-1", "crawl-2", "other");
        assertThat(sessions("--by-id", "--prefix", "o")).containsExactly("other");
    }

    private List<String> sessions(String... options) {
        CommandRun run = CommandRun.of(arguments(List.of("sessions", "--store", store), options));
        assertThat(run.exitCode()).isZero();
        return run.lines().stream().skip(1).toList();
    }

    private static String[] arguments(List<String> first, String... then) {
        return Stream.concat(first.stream(), Arrays.stream(then)).toArray(String[]::new);
    }

    @Test
    void refusesWhatIsNoDay() {
        CommandRun noDay = CommandRun.of("sessions", "--store", store, "--since", "yesterday");
        CommandRun both = CommandRun.of("sessions", "--store", store, "--by-id", "--until", "2026-11-20");

        assertThat(noDay.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(noDay.err()).contains("--since: 'yesterday' is no day; write it as 2026-11-20");
        assertThat(both.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(both.err()).contains("--by-id lists without days");
    }

    @Test
    void saysWhatIsMissing() {
        CommandRun missing = CommandRun.of("steps", "crawl-1", "--store", store, "--completeness");
        CommandRun none = CommandRun.of("steps", "crawl-2", "--store", store, "--completeness");
        CommandRun json = CommandRun.of("steps", "crawl-1", "--store", store, "--completeness", "--json");

        assertThat(missing.exitCode()).isEqualTo(ExitCode.PROBLEMS);
        assertThat(missing.err()).contains("2 captures; 2 numbers missing: 1-2; the session has not ended");
        assertThat(none.exitCode()).isZero();
        assertThat(none.err()).contains("1 capture; none is missing up to number 0");
        assertThat(json.out())
                .contains("\"completeness\":{\"captures\":2,\"ended\":false,\"missing_count\":2,"
                        + "\"missing\":[{\"from\":1,\"to\":2}]}");
    }

    @Test
    void copiesSessionsAndAgainOnlyWhatIsMissing() {
        CommandRun some = CommandRun.of("copy", "crawl-1", "--from", store, "--to", other);
        CommandRun rest = CommandRun.of("copy", "--from", store, "--to", other, "--json");

        assertThat(some.exitCode()).isZero();
        assertThat(some.out()).startsWith("copied 2 captures of 1 session, ");
        assertThat(rest.exitCode()).isZero();
        assertThat(rest.out()).contains("\"sessions\":3,\"captures\":2,").contains("\"already_there\":2,");
        assertThat(CommandRun.of("get", "crawl-1", "b", "--store", other, "--artifact", "html", "--out", "-")
                        .out())
                .isEqualTo("<p>crawl-1/b</p>");
    }

    @Test
    void copiesWhatWasCapturedOnSomeDays() {
        CommandRun run = CommandRun.of("copy", "--from", store, "--to", other, "--since", "2026-11-21");

        assertThat(run.out()).startsWith("copied 2 captures of 2 sessions, ");
    }

    @Test
    void aCopyThatCannotBeginSaysWhy() {
        String missing = root.resolve("missing").toUri().toString();

        CommandRun from = CommandRun.of("copy", "--from", missing, "--to", other);
        CommandRun both = CommandRun.of("copy", "a", "--prefix", "a", "--from", store, "--to", other);
        CommandRun threads = CommandRun.of("copy", "--from", store, "--to", other, "--threads", "0");
        CommandRun nothing = CommandRun.of("copy", "nobody", "--from", store, "--to", other);

        assertThat(from.exitCode()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(from.err()).contains("no such directory");
        assertThat(Files.exists(root.resolve("missing"))).isFalse();
        assertThat(both.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(threads.err()).contains("--threads: '0' is not allowed; expected 1 to 64");
        assertThat(nothing.err()).contains("no steps of session nobody");
    }
}

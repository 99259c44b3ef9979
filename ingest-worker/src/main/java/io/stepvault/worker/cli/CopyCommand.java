package io.stepvault.worker.cli;

import io.stepvault.capture.InvalidIdException;
import io.stepvault.storage.Copied;
import io.stepvault.storage.SessionCopy;
import io.stepvault.storage.StepAddress;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.object.StoreException;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.ProgressDisplay;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Copies sessions from one store to another. */
@Command(
        name = "copy",
        description = {
            "Copies sessions from one store to another: all, those named, or those that the options tell.",
            "Every capture is checked by its SHA-256. What the target has is left alone, so a copy that was broken off is"
                    + " simply started again. What is deleted at the target stays deleted.",
            "Ends with 1 if a capture could not be copied."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault copy crawl-17 --from s3://bucket/prefix --to file:///home/me/crawls",
            "  stepvault copy --from file:///var/lib/stepvault --to s3://bucket/prefix --since 2026-11-01"
        })
final class CopyCommand implements Callable<Integer> {
    private static final int MAX_THREADS = 64;
    private static final int MAX_NAMED_FAILURES = 20;

    @Parameters(paramLabel = "SESSION", arity = "0..*", description = "Ids of sessions (default: all).")
    private List<String> sessions = new ArrayList<>();

    @Option(names = "--from", required = true, paramLabel = "URI", description = "The store to read.")
    private String from = "";

    @Option(
            names = "--to",
            required = true,
            paramLabel = "URI",
            description = "The store to write: s3://bucket/prefix or file:///directory, which is made if missing.")
    private String to = "";

    @Mixin
    private SessionFilterOptions filter = new SessionFilterOptions();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Captures copied at once, each held in memory meanwhile (default: ${DEFAULT-VALUE}).")
    private int threads = 4;

    @Option(names = "--json", description = "Print what was done as one JSON object.")
    private boolean json;

    private final Console console;

    CopyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (!sessions.isEmpty() && filter.isGiven()) {
            throw CommandFailure.usage("name sessions, or choose them by --prefix, --since and --until, but not both");
        }
        if (threads < 1 || threads > MAX_THREADS) {
            throw CommandFailure.usage("--threads: '" + threads + "' is not allowed; expected 1 to " + MAX_THREADS);
        }
        try (StepStore source = StoreOption.openExisting(StoreOption.parse("--from", from));
                StepStore target = StoreOption.openOrMake(StoreOption.parse("--to", to))) {
            Result result = copy(source, target);
            if (json) {
                console.json(fields -> {
                    Copied copied = result.copied;
                    fields.writeNumberField("sessions", copied.sessions());
                    fields.writeNumberField("captures", copied.captures());
                    fields.writeNumberField("bytes", copied.bytes());
                    fields.writeNumberField("already_there", copied.alreadyThere());
                    fields.writeNumberField("deleted_sessions", copied.deletedSessions());
                    fields.writeNumberField("gone", copied.gone());
                    fields.writeNumberField("failed", copied.failed());
                });
            } else {
                console.line(result.text());
            }
            return result.isWhole() ? ExitCode.DONE : ExitCode.PROBLEMS;
        }
    }

    private Result copy(StepStore source, StepStore target) {
        try (ProgressDisplay display = new ProgressDisplay(console)) {
            Told told = new Told(display);
            SessionCopy copy = new SessionCopy(source, target, threads, told);
            if (sessions.isEmpty()) {
                return new Result(List.of(copy.sessions(filter.filter())));
            }
            List<Copied> all = new ArrayList<>();
            for (String session : sessions) {
                all.add(copy(copy, session, display));
            }
            return new Result(all);
        }
    }

    private static Copied copy(SessionCopy copy, String session, ProgressDisplay display) {
        try {
            Copied copied = copy.session(session);
            if (copied.captures() + copied.alreadyThere() + copied.deletedSessions() + copied.failed() == 0) {
                display.note("no steps of session " + session);
            }
            return copied;
        } catch (InvalidIdException e) {
            throw CommandFailure.usage("SESSION " + e.getMessage());
        }
    }

    /** What the copies of one call came to. */
    private static final class Result {
        private final Copied copied;

        Result(List<Copied> parts) {
            this.copied = parts.stream().reduce(Copied.NOTHING, Copied::plus);
        }

        boolean isWhole() {
            return copied.failed() == 0 && copied.sessions() + copied.deletedSessions() > 0;
        }

        String text() {
            List<String> parts = new ArrayList<>();
            parts.add("copied " + Amounts.count(copied.captures(), "capture") + " of "
                    + Amounts.count(copied.sessions(), "session") + ", " + Amounts.bytes(copied.bytes()));
            add(parts, copied.alreadyThere(), copied.alreadyThere() + " already there");
            add(
                    parts,
                    copied.deletedSessions(),
                    Amounts.count(copied.deletedSessions(), "session") + " deleted at the target");
            add(parts, copied.gone(), copied.gone() + " gone meanwhile");
            add(parts, copied.failed(), copied.failed() + " failed");
            return String.join("; ", parts);
        }

        private static void add(List<String> parts, long count, String text) {
            if (count > 0) {
                parts.add(text);
            }
        }
    }

    private static final class Told implements SessionCopy.Listener {
        private final ProgressDisplay display;
        private int failures;

        Told(ProgressDisplay display) {
            this.display = display;
        }

        @Override
        public void progress(String sessionId, Copied soFar) {
            display.update(Amounts.count(soFar.sessions(), "session") + "  "
                    + Amounts.count(soFar.captures(), "capture") + " copied  " + soFar.alreadyThere()
                    + " already there  " + Amounts.bytes(soFar.bytes()));
        }

        @Override
        public void failed(StepAddress capture, StoreException cause) {
            failures++;
            if (failures <= MAX_NAMED_FAILURES) {
                display.note(capture.sessionId() + "/" + capture.stepId() + ": " + cause.getMessage());
            }
            if (failures == MAX_NAMED_FAILURES) {
                display.note("further failures are only counted");
            }
        }
    }
}

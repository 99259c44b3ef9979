package io.stepvault.worker.cli;

import io.stepvault.storage.retry.Pace;
import io.stepvault.worker.Replay;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.ProgressDisplay;
import io.stepvault.worker.config.ByteSize;
import io.stepvault.worker.config.WorkerConfig;
import io.stepvault.worker.replay.TopicRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fills a store from a range of the topic. */
@Command(
        name = "replay",
        description = {
            "Fills a store from a range of the topic, beside the workers, whose group is left alone.",
            "What is stored already is not sent again and never overwritten. Deleted sessions stay deleted, and what the"
                    + " store's policy would remove at once is left out.",
            "Several processes with the same --job share the partitions, and one that was interrupted goes on where it"
                    + " ended. Each ends when its partitions are done; with 1 if something could not be stored."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault replay --bootstrap localhost:9092 --store s3://bucket/prefix --from 36h --dry-run",
            "  stepvault replay --config worker.properties --from 2026-11-20 --to 2026-11-21 --job november",
            "  stepvault replay --config worker.properties --sessions 'shop-*' --max-requests-per-second 200"
        })
final class ReplayCommand implements Callable<Integer> {
    private static final Pattern JOB = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final long LOOK_EVERY_MS = 100;
    private static final long LAST_WORDS_SECONDS = 5;

    @Mixin
    private RangeOptions options = new RangeOptions();

    @Option(
            names = "--job",
            paramLabel = "ID",
            description = "The job: processes that name the same share the work, and go on where others ended. What the"
                    + " range is was fixed when its first process began (default: a new one).")
    private Optional<String> job = Optional.empty();

    @Option(names = "--dry-run", description = "Only count what would be stored; leave no trace.")
    private boolean dryRun;

    @Option(
            names = "--resurrect",
            description =
                    "Also store what the store's policy would remove. Deleted sessions stay deleted all the same.")
    private boolean resurrect;

    @Option(
            names = "--publish-completions",
            description = "Publish completions of all that is in the store then, marked with the job's id.")
    private boolean publishCompletions;

    @Option(
            names = "--max-bytes-per-second",
            paramLabel = "SIZE",
            description = "Send no more to the store: 10MiB (default: as much as it takes).")
    private Optional<String> maxBytes = Optional.empty();

    @Option(
            names = "--max-requests-per-second",
            paramLabel = "N",
            description = "Ask the store no more often, whatever for (default: as often as it answers).")
    private Optional<Double> maxRequests = Optional.empty();

    @Option(
            names = "--work-dir",
            paramLabel = "DIR",
            description = "For temporary files of captures that came in chunks (default: ${DEFAULT-VALUE}).")
    private Path workDirectory = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(names = "--json", description = "Print the result as a JSON object.")
    private boolean json;

    private final Console console;

    ReplayCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        WorkerConfig config = options.config(console.environment());
        TopicRange range = options.range(console.clock());
        Optional<Pace> pace = pace();
        String id = job.map(ReplayCommand::checked).orElseGet(this::newJob);
        if (!Files.isDirectory(workDirectory)) {
            throw CommandFailure.usage("--work-dir: there is no directory " + workDirectory);
        }
        RangeOptions.requireTopic(config.kafka(), range);
        console.note((dryRun ? "would replay " : "replaying ") + options.describe(config) + " into "
                + config.store().uri()
                + (dryRun ? "" : ", job " + id));
        Replay.Plan plan = new Replay.Plan(
                id, range, options.sessions(), dryRun, resurrect, publishCompletions, pace, workDirectory);
        CountDownLatch told = new CountDownLatch(1);
        try (Replay replay = start(config, plan)) {
            GracefulStop stop = new GracefulStop(() -> stop(replay, told));
            try {
                return run(replay, id);
            } finally {
                told.countDown();
                stop.close();
            }
        }
    }

    private static Replay start(WorkerConfig config, Replay.Plan plan) throws IOException {
        try {
            return Replay.start(config, plan);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("the store cannot be opened: " + e.getMessage());
        }
    }

    private int run(Replay replay, String id) {
        boolean finished = awaitEnd(replay);
        ReplayReport report = new ReplayReport(replay.tally(), dryRun, finished);
        if (json) {
            console.json(fields -> {
                fields.writeStringField("job", id);
                fields.writeBooleanField("finished", finished);
                report.json(fields);
            });
        } else {
            console.table(report.table(), "there is nothing in the range");
        }
        report.remarks().forEach(console::note);
        if (!finished) {
            console.note(
                    dryRun
                            ? "interrupted; a dry run keeps nothing, so it begins anew the next time"
                            : "interrupted; to go on, run the same command with --job " + id);
        }
        return finished && report.isWhole() ? ExitCode.DONE : ExitCode.PROBLEMS;
    }

    private boolean awaitEnd(Replay replay) {
        Instant start = console.clock().instant();
        try (ProgressDisplay display = new ProgressDisplay(console)) {
            while (true) {
                try {
                    return replay.ended().get(LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    Duration elapsed = Duration.between(start, console.clock().instant());
                    ReplayReport report = new ReplayReport(replay.tally(), dryRun, false);
                    replay.trouble()
                            .ifPresentOrElse(
                                    why -> display.update("waiting: " + why),
                                    () -> display.update(report.progress(elapsed)));
                }
            }
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw CommandFailure.couldNotRun("the replay cannot go on: " + cause.getMessage(), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** On a signal: what was read is stored and committed, and whoever runs the command says how to go on. */
    private static int stop(Replay replay, CountDownLatch told) {
        replay.close();
        try {
            boolean unused = told.await(LAST_WORDS_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.PROBLEMS;
    }

    private static String checked(String job) {
        if (!JOB.matcher(job).matches()) {
            throw CommandFailure.usage("--job: '" + job
                    + "' is not allowed; expected up to 64 letters, digits, dots, dashes and underscores");
        }
        return job;
    }

    private String newJob() {
        String time = console.clock().instant().toString().replaceAll("\\..*|[-:Z]", "");
        return time + "-" + UUID.randomUUID().toString().substring(0, 4);
    }

    private Optional<Pace> pace() {
        double bytes = Double.POSITIVE_INFINITY;
        if (maxBytes.isPresent()) {
            bytes = bytes(maxBytes.get());
        }
        double requests = maxRequests.orElse(Double.POSITIVE_INFINITY);
        if (!(requests > 0)) {
            throw CommandFailure.usage(
                    "--max-requests-per-second: '" + maxRequests.get() + "' is not allowed; expected more than 0");
        }
        return maxBytes.isPresent() || maxRequests.isPresent()
                ? Optional.of(new Pace(requests, bytes, console.clock()))
                : Optional.empty();
    }

    private static double bytes(String text) {
        try {
            long bytes = ByteSize.parse(text).bytes();
            if (bytes > 0) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("--max-bytes-per-second: '" + text + "' " + e.getMessage());
        }
        throw CommandFailure.usage("--max-bytes-per-second: '" + text + "' is not allowed; expected more than 0");
    }
}

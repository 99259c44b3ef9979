package io.stepvault.devkit;

import io.stepvault.devkit.chaos.ChaosReport;
import io.stepvault.devkit.chaos.ChaosRun;
import io.stepvault.devkit.chaos.ChaosSettings;
import io.stepvault.devkit.chaos.ChaosSettings.Plan;
import io.stepvault.worker.cli.CommandFailure;
import io.stepvault.worker.cli.ExitCode;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.config.DurationText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tries to make the pipeline lose or double something, and says whether it did. */
@Command(
        name = "chaos",
        description = {
            "Runs three brokers, an S3 server and worker processes under a steady load, kills, stalls and stops them at"
                    + " random, has the store fail, and then lets all go well. At the end every capture is read back and"
                    + " every completion is counted. Exit code 1 if anything was lost or doubled.",
            "The plans outage, small-spool and outage-rebalance do one thing instead: the store is away for --outage,"
                    + " and the report tells how the workers bore it and how fast they caught up."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault chaos --duration 60s",
            "  stepvault chaos --duration 2h --workers 4 --report chaos.md",
            "  stepvault chaos --duration 60s --seed 42 --keep",
            "  stepvault chaos --plan outage --outage 3m"
        })
final class ChaosCommand implements Callable<Integer> {
    /** As a shell tells it. */
    private static final int INTERRUPTED = 130;

    private static final int LARGEST_SEED = 1_000_000;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            description = "How long troubles go on in a mixed plan, until each kind was there at least (default: 60s).")
    private Optional<String> duration = Optional.empty();

    @Option(
            names = "--outage",
            paramLabel = "TIME",
            description = "How long the store is away in the other plans (default: 3m).")
    private Optional<String> outage = Optional.empty();

    @Option(names = "--seed", paramLabel = "N", description = "Draws load and troubles (default: another each time).")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = "--plan",
            paramLabel = "PLAN",
            description = "mixed, outage, small-spool or outage-rebalance (default: ${DEFAULT-VALUE}).")
    private String plan = "mixed";

    @Option(
            names = "--store",
            paramLabel = "KIND",
            description = "s3, or file for a directory that has no faults of its own (default: ${DEFAULT-VALUE}).")
    private String store = "s3";

    @Option(names = "--workers", paramLabel = "N", description = "Worker processes (default: ${DEFAULT-VALUE}).")
    private int workers = 3;

    @Option(names = "--rate", paramLabel = "N", description = "Captures a second (default: ${DEFAULT-VALUE}).")
    private int rate = 25;

    @Option(
            names = "--worker-heap",
            paramLabel = "SIZE",
            description = "Each worker's heap, as for -Xmx (default: ${DEFAULT-VALUE}).")
    private String heap = "256m";

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where its files go (default: ${DEFAULT-VALUE} in the current directory).")
    private Path parent = Path.of(".stepvault");

    @Option(names = "--keep", description = "Keep all files, logs included. Otherwise only a failure does.")
    private boolean keep;

    @Option(names = "--json", description = "Print the report as one JSON object.")
    private boolean json;

    @Option(names = "--report", paramLabel = "FILE", description = "Also write the report to this file, in Markdown.")
    private Optional<Path> report = Optional.empty();

    private final Console console;

    ChaosCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        ChaosSettings settings = settings();
        Path directory = Files.createDirectories(parent.toAbsolutePath()
                .normalize()
                .resolve("chaos-" + settings.seed() + "-"
                        + ProcessHandle.current().pid()));
        boolean worthKeeping = true;
        try (InterruptOnShutdown onShutdown = InterruptOnShutdown.ofThisThread(INTERRUPTED)) {
            try (RunLog log = RunLog.to(directory.resolve("chaos.log"))) {
                ChaosReport result = run(settings, directory);
                tell(result);
                worthKeeping = !result.isAsItShouldBe();
                return worthKeeping ? ExitCode.PROBLEMS : ExitCode.DONE;
            } catch (InterruptedException | RuntimeException e) {
                if (e instanceof RuntimeException failure && !onShutdown.isRequested()) {
                    if (failure instanceof CommandFailure) {
                        throw failure;
                    }
                    throw CommandFailure.problem("the run broke off: " + failure.getMessage(), failure);
                }
                console.note("stepvault: interrupted");
                worthKeeping = false;
                return INTERRUPTED;
            } finally {
                if (worthKeeping || keep) {
                    console.note("stepvault: logs and all other files are in " + directory);
                } else {
                    deleteTree(directory);
                }
            }
        }
    }

    private ChaosReport run(ChaosSettings settings, Path directory) throws InterruptedException {
        String command = command(settings);
        console.note("Seed " + settings.seed() + "; the same load and troubles again: " + command);
        ChaosRun run = new ChaosRun(settings, command, directory, console);
        return run.run(OwnBroker.start(run.kafka(), ""));
    }

    private void tell(ChaosReport result) throws IOException {
        if (report.isPresent()) {
            Files.write(report.get(), result.markdown());
        }
        if (json) {
            console.json(result.json());
            return;
        }
        console.table(result.table(), "");
        console.line("");
        result.wrongLines().forEach(console::line);
        console.line(
                result.isAsItShouldBe()
                        ? "Nothing lost, nothing doubled, with seed "
                                + result.run().settings().seed() + "."
                        : "Not all is as it should be, with seed "
                                + result.run().settings().seed() + ".");
    }

    private ChaosSettings settings() {
        boolean files =
                switch (store) {
                    case "s3" -> false;
                    case "file" -> true;
                    default -> throw CommandFailure.usage("--store: '" + store + "' is not allowed; write s3 or file");
                };
        Plan chosen =
                switch (plan) {
                    case "mixed" -> files ? Plan.MIXED_FILES : Plan.MIXED;
                    case "outage" -> Plan.OUTAGE;
                    case "small-spool" -> Plan.SMALL_SPOOL;
                    case "outage-rebalance" -> Plan.OUTAGE_REBALANCE;
                    default ->
                        throw CommandFailure.usage("--plan: '" + plan
                                + "' is not allowed; write mixed, outage, small-spool or outage-rebalance");
                };
        if (files && chosen.isDrill()) {
            throw CommandFailure.usage("--store: a directory has no outage; leave it out, or write s3");
        }
        if (chosen.isDrill() ? duration.isPresent() : outage.isPresent()) {
            throw CommandFailure.usage(
                    chosen.isDrill()
                            ? "--duration: with this plan, --outage says how long the store is away"
                            : "--outage: only with the plans outage, small-spool and outage-rebalance");
        }
        requirePositive("--workers", workers);
        requirePositive("--rate", rate);
        if (!heap.matches("[1-9]\\d{0,5}[kmg]")) {
            throw CommandFailure.usage("--worker-heap: '" + heap + "' is not allowed; write 256m or 1g");
        }
        return new ChaosSettings(
                seed.orElseGet(() -> (long) ThreadLocalRandom.current().nextInt(LARGEST_SEED)),
                chosen,
                chosen.isDrill() ? time("--outage", outage.orElse("3m")) : time("--duration", duration.orElse("60s")),
                workers,
                rate,
                heap);
    }

    private static void requirePositive(String option, int value) {
        if (value < 1) {
            throw CommandFailure.usage(option + ": '" + value + "' is not allowed; expected 1 or more");
        }
    }

    private static Duration time(String option, String text) {
        try {
            Duration time = DurationText.parse(text);
            if (time.toMillis() < 1_000) {
                throw CommandFailure.usage(option + ": '" + text + "' is not allowed; expected 1s or more");
            }
            return time;
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(option + ": '" + text + "' " + e.getMessage());
        }
    }

    private String command(ChaosSettings settings) {
        String time = DurationText.format(settings.duration());
        return "./stepvault chaos" + (plan.equals("mixed") ? "" : " --plan " + plan)
                + (settings.plan().isDrill() ? " --outage " : " --duration ") + time + " --seed " + settings.seed()
                + (store.equals("s3") ? "" : " --store " + store) + (workers == 3 ? "" : " --workers " + workers)
                + (rate == 25 ? "" : " --rate " + rate) + (heap.equals("256m") ? "" : " --worker-heap " + heap);
    }

    private static void deleteTree(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

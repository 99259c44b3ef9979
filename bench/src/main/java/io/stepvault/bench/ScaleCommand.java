package io.stepvault.bench;

import io.stepvault.bench.data.FilledTopic;
import io.stepvault.bench.report.Machine;
import io.stepvault.bench.report.ScaleText;
import io.stepvault.bench.run.Cell;
import io.stepvault.bench.run.ContenderFailedException;
import io.stepvault.bench.run.Contenders;
import io.stepvault.bench.run.DrainRun;
import io.stepvault.bench.run.ScalePoint;
import io.stepvault.bench.run.ScaleSeries;
import io.stepvault.bench.run.TestBed;
import io.stepvault.worker.cli.CommandFailure;
import io.stepvault.worker.cli.ExitCode;
import io.stepvault.worker.cli.terminal.Console;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Drains ever more of one thing, and shows what a capture costs. */
@Command(
        name = "scale",
        description = {
            "Measures what a capture costs a worker, and how much memory it needs, while one thing grows: sessions,"
                    + " sizes, partitions, backlog. One table for each; a worker with its defaults, a store at 0 ms, HTTP."
        })
final class ScaleCommand implements Callable<Integer> {
    @Option(
            names = "--series",
            split = ",",
            paramLabel = "NAME",
            description = "Only these: sessions, sizes, partitions, backlog.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--megabytes",
            paramLabel = "N",
            defaultValue = "500",
            description = "What each point drains, but for those of the backlog (${DEFAULT-VALUE}).")
    private int megabytes;

    @Option(
            names = "--most-sessions",
            paramLabel = "N",
            defaultValue = "100000",
            description = "The end of that series: up to 1000000, which needs 2 GB (${DEFAULT-VALUE}).")
    private int mostSessions;

    @Option(
            names = "--most-backlog",
            paramLabel = "GB",
            defaultValue = "2",
            description = "The end of that series: up to 20, and as much space on disk (${DEFAULT-VALUE}).")
    private int mostBacklog;

    private final Console console;
    private final BenchOptions shared;

    ScaleCommand(Console console, BenchOptions shared) {
        this.console = console;
        this.shared = shared;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<ScaleSeries> chosen = chosen();
        try (TestBed bed = TestBed.start(shared.workDirectory(), false)) {
            console.line(Machine.here().line());
            boolean isComplete = true;
            for (ScaleSeries series : chosen) {
                isComplete &= run(bed, series);
            }
            return isComplete ? ExitCode.DONE : ExitCode.PROBLEMS;
        }
    }

    private List<ScaleSeries> chosen() {
        if (megabytes < 1 || mostSessions < 1 || mostBacklog < 1) {
            throw CommandFailure.usage("--megabytes, --most-sessions, --most-backlog: expected 1 or more");
        }
        List<ScaleSeries> all = ScaleSeries.all(megabytes * 1_000_000L, mostSessions, mostBacklog * 1_000_000_000L);
        for (String name : names) {
            if (all.stream().noneMatch(series -> series.name().equals(name))) {
                throw CommandFailure.usage("--series: there is no " + name + "; expected "
                        + all.stream().map(ScaleSeries::name).collect(Collectors.joining(", ")));
            }
        }
        return all.stream()
                .filter(series -> names.isEmpty() || names.contains(series.name()))
                .toList();
    }

    private boolean run(TestBed bed, ScaleSeries series) throws IOException, InterruptedException {
        ScaleText table = new ScaleText(series.title());
        boolean isComplete = true;
        int number = 0;
        for (ScalePoint point : series.points()) {
            number++;
            console.note(number + "/" + series.points().size() + " " + series.title() + ": " + point.label());
            String topic = series.name() + "-" + number;
            FilledTopic filled = bed.topics().fill(topic, point.partitions(), point.data());
            try {
                table.add(
                        point,
                        new DrainRun(bed)
                                .measure(
                                        Contenders.stepvault(point.heap(), shared.workerFlags()),
                                        new Cell(point.data().name(), Duration.ZERO, false),
                                        filled));
            } catch (ContenderFailedException e) {
                console.note("    FAILED: " + e.getMessage());
                isComplete = false;
            } finally {
                bed.topics().delete(topic);
            }
        }
        console.line("");
        table.lines().forEach(console::line);
        return isComplete;
    }
}

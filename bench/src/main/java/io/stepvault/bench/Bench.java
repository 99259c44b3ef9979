package io.stepvault.bench;

import io.stepvault.bench.data.DataSet;
import io.stepvault.bench.data.FilledTopic;
import io.stepvault.bench.report.BarPlot;
import io.stepvault.bench.report.BenchReport;
import io.stepvault.bench.report.Comparison;
import io.stepvault.bench.report.HalfLoadResult;
import io.stepvault.bench.report.Machine;
import io.stepvault.bench.report.Metric;
import io.stepvault.bench.report.ReportJson;
import io.stepvault.bench.report.ReportText;
import io.stepvault.bench.report.Target;
import io.stepvault.bench.run.Cell;
import io.stepvault.bench.run.Contender;
import io.stepvault.bench.run.ContenderFailedException;
import io.stepvault.bench.run.DrainRun;
import io.stepvault.bench.run.HalfLoad;
import io.stepvault.bench.run.Plan;
import io.stepvault.bench.run.PlanRun;
import io.stepvault.bench.run.TestBed;
import io.stepvault.bench.stub.StubCounts;
import io.stepvault.worker.cli.CommandFailure;
import io.stepvault.worker.cli.ExitCode;
import io.stepvault.worker.cli.Stepvault;
import io.stepvault.worker.cli.terminal.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The entry point: contenders side by side. */
@Command(
        name = "stepvault bench",
        description = {
            "Compares Stepvault with other ways of getting captures from Kafka into S3, side by side.",
            "Each contender drains the same topic of a real broker to a stub of S3, in a process of its own, and is"
                    + " measured from outside: rates, CPU, memory, requests, garbage. Needs Linux."
        },
        footer = {
            "",
            "`./stepvault bench micro ARGS` runs the benchmarks of single pieces: JMH, with its own options (-h).",
            "",
            "Exit codes: 0 done, 1 a contender failed, 2 usage, 3 could not run.",
            "",
            "Examples:",
            "  ./stepvault bench --quick",
            "  ./stepvault bench --rounds 5 --out target/bench",
            "  ./stepvault bench --contenders consume-only,lean-artifact,stepvault --data large",
            "  ./stepvault bench scale --series sessions"
        })
public final class Bench implements Callable<Integer> {
    private static final int PARTITIONS = 8;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Shows this help.")
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private boolean help;

    @Mixin
    private BenchOptions options = new BenchOptions();

    @Option(names = "--out", paramLabel = "DIR", description = "Also writes bench.json and bench.svg to DIR.")
    private Optional<Path> out = Optional.empty();

    private final Console console;

    Bench(Console console) {
        this.console = console;
    }

    /** Runs and ends the process with the exit code. */
    public static void main(String[] args) {
        Console console = Console.system();
        System.exit(Stepvault.execute(console, commandLine(console), args));
    }

    static CommandLine commandLine(Console console) {
        Bench bench = new Bench(console);
        return new CommandLine(bench).addSubcommand(new ScaleCommand(console, bench.options));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Cell> cells = options.cells();
        List<Contender> contenders = options.contenders();
        int rounds = options.rounds();
        Path workDirectory = options.workDirectory();
        Machine machine = Machine.here();
        if (machine.isBusy()) {
            console.note("This machine is busy with other work: figures will be rough.");
        }
        Instant begun = console.clock().instant();
        try (TestBed bed = TestBed.start(workDirectory, options.verifies())) {
            Plan plan = new Plan(cells, fill(bed), contenders, rounds);
            RunProgress progress = new RunProgress(console, plan);
            new PlanRun(new DrainRun(bed), progress, console.clock()).run(plan);
            List<Comparison> comparisons = progress.comparisons();
            List<HalfLoadResult> halfLoads = halfLoads(bed, contenders, comparisons);
            BenchReport report = new BenchReport(machine, begun, comparisons, halfLoads);
            ReportText.lines(report).forEach(console::line);
            if (options.isQuick()) {
                console.note("A quick run measures mostly how JVMs start: hold no target against it.");
            }
            write(report);
            return requireNoMistakes(bed) && report.isComplete() ? ExitCode.DONE : ExitCode.PROBLEMS;
        }
    }

    private List<FilledTopic> fill(TestBed bed) {
        List<FilledTopic> topics = new ArrayList<>();
        for (DataSet data : options.data()) {
            console.note("Fills a topic with " + data.captures() + " captures of " + data.name() + " of "
                    + data.sessions() + " sessions.");
            topics.add(bed.topics().fill("captures-" + data.name().replaceAll("\\W", "-"), PARTITIONS, data));
        }
        return topics;
    }

    private List<HalfLoadResult> halfLoads(TestBed bed, List<Contender> contenders, List<Comparison> comparisons)
            throws IOException, InterruptedException {
        List<HalfLoadResult> results = new ArrayList<>();
        for (Contender contender : contenders) {
            Comparison first = comparisons.get(0);
            Optional<Double> rate = first.row(contender.id()).flatMap(row -> row.median(Metric.CAPTURES));
            if (options.measuresHalfLoad() && contender.id().equals(Target.WORKER) && rate.isPresent()) {
                results.add(halfLoad(bed, contender, first.cell(), rate.get() / 2));
            }
        }
        return results;
    }

    private HalfLoadResult halfLoad(TestBed bed, Contender contender, Cell cell, double rate)
            throws IOException, InterruptedException {
        DataSet data = options.data().get(0);
        int captures = (int) (rate * options.halfLoad().toSeconds());
        console.note("Publishes " + captures + " captures of " + data.name() + " at half load to " + contender.name()
                + ", " + Math.round(rate) + " a second.");
        DataSet published =
                new DataSet(data.name(), data.htmlBytes(), data.screenshotBytes(), captures, data.sessions());
        try {
            List<Double> seconds = new HalfLoad(bed).measure(contender, cell, published, rate);
            return HalfLoadResult.of(contender.name(), rate, seconds);
        } catch (ContenderFailedException e) {
            throw CommandFailure.couldNotRun(contender.name() + " at half load: " + e.getMessage(), e);
        }
    }

    private boolean requireNoMistakes(TestBed bed) throws IOException {
        StubCounts counts = bed.counts();
        if (options.verifies()) {
            console.note("The store checked the signatures of " + counts.requests() + " requests and the checksums of "
                    + counts.checked() + " of " + counts.puts() + " puts, and found " + counts.mistakes()
                    + " mistakes.");
        }
        if (counts.mistakes() > 0) {
            console.note("The first mistakes: " + bed.mistakes());
        }
        return counts.mistakes() == 0;
    }

    private void write(BenchReport report) throws IOException {
        if (out.isPresent()) {
            Path directory = Files.createDirectories(out.get());
            Files.writeString(directory.resolve("bench.json"), ReportJson.of(report));
            Files.writeString(directory.resolve("bench.svg"), BarPlot.svg(report));
            console.note("Wrote " + directory.resolve("bench.json") + " and " + directory.resolve("bench.svg") + ".");
        }
    }
}

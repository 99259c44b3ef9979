package io.stepvault.bench;

import io.stepvault.bench.data.DataSet;
import io.stepvault.bench.report.Target;
import io.stepvault.bench.run.Cell;
import io.stepvault.bench.run.Contender;
import io.stepvault.bench.run.Contenders;
import io.stepvault.worker.cli.CommandFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What is compared with what, on which captures, how often. Each option has a default for each of the two forms. */
final class BenchOptions {
    private static final int QUICK_CAPTURES = 1_000;
    private static final int QUICK_SMALL_CAPTURES = 20_000;
    private static final int CAPTURES = 24_000;
    private static final int SMALL_CAPTURES = 200_000;

    @Option(
            names = "--quick",
            description = "A minute or two: one round of few captures, with a store that checks signatures and"
                    + " checksums. Shows that everything works; its figures are mostly those of JVMs that start.")
    private boolean quick;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds, of which medians are told (3; quick: 1).")
    private Optional<Integer> rounds = Optional.empty();

    @Option(
            names = "--data",
            split = ",",
            paramLabel = "SET",
            description = "Data sets: large (captures of 180 KB), small (2 KB). Default: both; quick: large.")
    private List<String> data = new ArrayList<>();

    @Option(names = "--captures", paramLabel = "N", description = "Captures of the large set (24000; quick: 1000).")
    private Optional<Integer> captures = Optional.empty();

    @Option(
            names = "--small-captures",
            paramLabel = "N",
            description = "Captures of the small set (200000; quick: 20000).")
    private Optional<Integer> smallCaptures = Optional.empty();

    @Option(
            names = "--sessions",
            paramLabel = "N",
            defaultValue = "120",
            description = "Sessions that captures are of, in turn (${DEFAULT-VALUE}).")
    private int sessions;

    @Option(
            names = "--latency",
            split = ",",
            paramLabel = "MS",
            description = "Latencies of the store in milliseconds, over HTTP (0,30; quick: 0). The small set has the"
                    + " first only.")
    private List<Integer> latencies = new ArrayList<>();

    @Option(
            names = "--tls",
            negatable = true,
            description = "Also compares over TLS, on the first data set at the first latency (default; quick: not).")
    private Optional<Boolean> tls = Optional.empty();

    @Option(
            names = "--contenders",
            split = ",",
            paramLabel = "ID",
            description = "Only these: consume-only, lean-batch, lean-capture, lean-artifact, stepvault, stepvault-sdk,"
                    + " camel (quick: not unless it is named), connect-FILE.")
    private List<String> ids = new ArrayList<>();

    @Option(
            names = "--connect-plugin",
            paramLabel = "DIR",
            description =
                    "Holds sinks of Kafka Connect, as Connect's plugin.path does. bench/connectors/README.md tells"
                            + " how to set up Confluent's and Aiven's.")
    private Optional<Path> connectPlugins = Optional.empty();

    @Option(
            names = "--connector",
            paramLabel = "FILE",
            description = "The settings of one of these sinks, which then takes part as connect-FILE, with a heap of"
                    + " 512m. May be given several times.")
    private List<Path> connectors = new ArrayList<>();

    @Option(
            names = "--heap",
            paramLabel = "SIZE",
            defaultValue = "256m",
            description = "The heap of each contender that can do with it, as for -Xmx (${DEFAULT-VALUE}).")
    private String heap = "256m";

    @Option(
            names = "--verify",
            negatable = true,
            description =
                    "The store checks signatures and checksums, which takes CPU from contenders (quick: default).")
    private Optional<Boolean> verify = Optional.empty();

    @Option(
            names = "--half-load",
            negatable = true,
            description = "Also measures the time from publish() to completion at half load (default).")
    private Optional<Boolean> halfLoad = Optional.empty();

    @Option(
            names = "--work-dir",
            scope = ScopeType.INHERIT,
            paramLabel = "DIR",
            description = "Where the broker keeps captures, a few GB, while it runs (default: the system's temporary"
                    + " directory).")
    private Path workDirectory = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(
            names = "--worker-flags",
            hidden = true,
            scope = ScopeType.INHERIT,
            description = "The launcher's flags for a worker's JVM.")
    private String workerFlags = "";

    @Option(names = "--module", hidden = true, description = "The directory of this module in the checkout.")
    private Optional<Path> module = Optional.empty();

    boolean isQuick() {
        return quick;
    }

    int rounds() {
        return positive("--rounds", rounds.orElse(quick ? 1 : 3));
    }

    boolean verifies() {
        return verify.orElse(quick);
    }

    boolean measuresHalfLoad() {
        return halfLoad.orElse(true);
    }

    /** How long captures are published at half load: several times as long as they may wait for others. */
    Duration halfLoad() {
        return Target.BATCH_MAX_AGE.multipliedBy(quick ? 2 : 6);
    }

    Path workDirectory() {
        if (!Files.isDirectory(workDirectory)) {
            throw CommandFailure.usage("--work-dir: there is no directory " + workDirectory);
        }
        return workDirectory;
    }

    /** In the order of comparisons. */
    List<DataSet> data() {
        List<String> names = data.isEmpty() ? (quick ? List.of("large") : List.of("large", "small")) : data;
        return names.stream().map(this::dataSet).toList();
    }

    private DataSet dataSet(String name) {
        int of = positive("--sessions", sessions);
        return switch (name) {
            case "large" ->
                DataSet.large(positive("--captures", captures.orElse(quick ? QUICK_CAPTURES : CAPTURES)), of);
            case "small" ->
                DataSet.small(
                        positive(
                                "--small-captures",
                                smallCaptures.orElse(quick ? QUICK_SMALL_CAPTURES : SMALL_CAPTURES)),
                        of);
            default -> throw CommandFailure.usage("--data: there is no set " + name + "; expected large or small");
        };
    }

    List<Cell> cells() {
        List<Duration> all = latencies().stream().map(Duration::ofMillis).toList();
        List<Cell> cells = new ArrayList<>();
        for (DataSet set : data()) {
            boolean isFirst = cells.isEmpty();
            all.stream()
                    .limit(isFirst ? all.size() : 1)
                    .forEach(latency -> cells.add(new Cell(set.name(), latency, false)));
            if (isFirst && tls.orElse(!quick)) {
                cells.add(new Cell(set.name(), all.get(0), true));
            }
        }
        return cells;
    }

    private List<Integer> latencies() {
        if (latencies.stream().anyMatch(millis -> millis < 0)) {
            throw CommandFailure.usage("--latency: expected milliseconds, 0 or more");
        }
        return latencies.isEmpty() ? (quick ? List.of(0) : List.of(0, 30)) : latencies;
    }

    List<Contender> contenders() {
        if (!heap.matches("[1-9]\\d*[mg]")) {
            throw CommandFailure.usage("--heap: expected a size like 256m or 1g, was " + heap);
        }
        List<Contender> all = new ArrayList<>(Contenders.all(heap, workerFlags()));
        if (!quick || ids.contains("camel")) {
            module.map(Contenders::camel).ifPresent(all::add);
        }
        all.addAll(connectSinks());
        if (ids.isEmpty()) {
            return all;
        }
        return ids.stream()
                .map(id -> all.stream()
                        .filter(contender -> contender.id().equals(id))
                        .findFirst()
                        .orElseThrow(() -> CommandFailure.usage("--contenders: there is no " + id + "; expected "
                                + all.stream().map(Contender::id).collect(Collectors.joining(", ")))))
                .toList();
    }

    private List<Contender> connectSinks() {
        if (connectPlugins.isPresent() != !connectors.isEmpty()) {
            throw CommandFailure.usage("--connect-plugin and --connector: expected both or none");
        } else if (connectPlugins.isEmpty()) {
            return List.of();
        }
        Path plugins = connectPlugins.get();
        if (!Files.isDirectory(plugins)) {
            throw CommandFailure.usage("--connect-plugin: there is no directory " + plugins);
        }
        Path bench = module.orElseThrow(() -> CommandFailure.usage("--connector: works only by ./stepvault bench"));
        return connectors.stream()
                .map(connector -> {
                    if (!Files.isReadable(connector)) {
                        throw CommandFailure.usage("--connector: there is no file " + connector);
                    }
                    return Contenders.connect(bench, plugins, connector);
                })
                .toList();
    }

    List<String> workerFlags() {
        return workerFlags.isEmpty() ? List.of() : Arrays.asList(workerFlags.split(" ", -1));
    }

    private static int positive(String option, int value) {
        if (value < 1) {
            throw CommandFailure.usage(option + ": expected 1 or more, was " + value);
        }
        return value;
    }
}

package io.stepvault.devkit;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.object.StoreException;
import io.stepvault.worker.cli.CommandFailure;
import io.stepvault.worker.cli.ExitCode;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.config.WorkerConfig;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows the whole pipeline at work on the sample crawl, and checks what it did. */
@Command(
        name = "demo",
        description = {
            "Starts a broker and a worker in this process, publishes a sample crawl, waits for the completions, reads"
                    + " every artifact back and compares it with what was published.",
            "The stored files are kept. With --bootstrap or --store it does the same on servers of yours: under topics,"
                    + " a consumer group and session ids of its own."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault demo",
            "  stepvault demo --store s3://bucket/prefix",
            "  stepvault demo --store 's3://bucket?endpoint=http://localhost:8333'",
            "  stepvault demo --bootstrap localhost:9092"
        })
final class DemoCommand implements Callable<Integer> {
    /** As a shell tells it. */
    private static final int INTERRUPTED = 130;

    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(30);
    private static final DateTimeFormatter RUN_ID =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    @Option(
            names = {"-s", "--store"},
            paramLabel = "URI",
            description = "s3://bucket/prefix or file:///directory (default: a new directory under --dir).")
    private Optional<String> store = Optional.empty();

    @Option(
            names = {"-b", "--bootstrap"},
            paramLabel = "HOST:PORT",
            description = "Brokers of yours, separated by commas (default: a broker in this process).")
    private Optional<String> bootstrap = Optional.empty();

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "With --bootstrap: a worker's configuration, for what your brokers ask of clients"
                    + " (kafka.security.protocol, kafka.sasl..., kafka.ssl...).")
    private Optional<Path> config = Optional.empty();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where files and log go (default: ${DEFAULT-VALUE} in the current directory).")
    private Path parent = Path.of(".stepvault");

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long publishing and completing may take (default: ${DEFAULT-VALUE}).")
    private int timeoutSeconds = 60;

    private final Console console;
    private final Function<URI, StepStore> stores;

    /**
     * A demo.
     *
     * @param stores opens the store that the worker's work is read back from
     */
    DemoCommand(Console console, Function<URI, StepStore> stores) {
        this.console = console;
        this.stores = stores;
    }

    @Override
    public Integer call() throws IOException {
        if (timeoutSeconds < 1) {
            throw CommandFailure.usage("--timeout: '" + timeoutSeconds + "' is not allowed; expected 1 or more");
        }
        if (config.isPresent() && bootstrap.isEmpty()) {
            throw CommandFailure.usage("--config: only with --bootstrap, which names the brokers it is for");
        }
        Instant start = console.clock().instant();
        String runId = RUN_ID.format(start) + "-" + ProcessHandle.current().pid();
        Path directory = Files.createDirectories(
                parent.resolve("demo-" + runId).toAbsolutePath().normalize());
        Path log = directory.resolve("demo.log");
        try (InterruptOnShutdown onShutdown = InterruptOnShutdown.ofThisThread(INTERRUPTED)) {
            try (RunLog running = RunLog.to(log)) {
                return run(start, runId, directory) ? ExitCode.DONE : ExitCode.PROBLEMS;
            } catch (InterruptedException | RuntimeException e) {
                if (e instanceof RuntimeException failure && !onShutdown.isRequested()) {
                    throw failure;
                }
                console.note("stepvault: interrupted; what was stored by then is in " + directory);
                return INTERRUPTED;
            } finally {
                if (!deleteIfEmpty(log)) {
                    console.note("stepvault: what broker and worker logged is in " + log);
                }
                deleteIfEmpty(directory);
            }
        }
    }

    private boolean run(Instant start, String runId, Path directory) throws InterruptedException, IOException {
        URI storeUri = storeUri(directory);
        Path spool = directory.resolve("spool");
        // On servers that have seen a demo before, what that one stored must not pass for this one's work.
        boolean ownAlone = store.isEmpty() && bootstrap.isEmpty();
        Crawl crawl = SampleCrawl.read(ownAlone ? "" : "-" + runId);
        try (StepStore reader = open(storeUri);
                @Nullable
                        EmbeddedKafka kafka =
                                bootstrap.isPresent() ? null : OwnBroker.start(EmbeddedKafka.builder(), "")) {
            Settings settings = kafka == null
                    ? Settings.ofDemoOnServersOf(
                            console.environment(), config, bootstrap.orElseThrow(), storeUri, spool, runId)
                    : Settings.ofDemoOnOwnBroker(kafka.bootstrapServers(), storeUri, spool, runId);
            WorkerConfig worker = settings.worker();
            console.line("Kafka  " + worker.kafka().bootstrapServers()
                    + (kafka == null ? "" : ", in this process, for as long as the demo lasts"));
            console.line("Store  " + reader.location());
            Topics topics = new Topics(settings, console);
            topics.create();
            if (kafka == null) {
                topics.startGroupAtEnd();
            }
            console.line("Crawl  " + Amounts.count(crawl.sessions().size(), "session") + ", "
                    + Amounts.count(crawl.captures().size(), "step") + ", " + Amounts.bytes(crawl.bytes()));
            RoundTripReport report;
            try (RunningWorker running = RunningWorker.start(worker)) {
                report = new RoundTrip(crawl, worker.kafka(), reader, console).run(Duration.ofSeconds(timeoutSeconds));
                if (!report.isAsItShouldBe()) {
                    running.troubles().forEach(line -> console.note("stepvault: the worker says: " + line));
                }
            }
            DemoAudit audit = DemoAudit.of(worker, Set.copyOf(crawl.sessions())::contains, directory);
            if (kafka == null) {
                topics.forgetGroup();
            }
            if (report.isAsItShouldBe()) {
                deleteTree(spool);
            }
            print(report, audit, crawl);
            console.line("Files  " + reader.location());
            console.line("Time   "
                    + Amounts.duration(Duration.between(start, console.clock().instant())));
            console.line("Next   ./stepvault serve --store '" + reader.location() + "'   shows it in a browser");
            return report.isAsItShouldBe() && audit.isClean();
        }
    }

    private void print(RoundTripReport report, DemoAudit audit, Crawl crawl) {
        console.line("");
        console.table(report.table(), "");
        console.line("");
        report.differences().forEach(line -> console.line("DIFFERS  " + line));
        if (report.isAsItShouldBe()) {
            console.line("All " + report.steps() + " steps, " + report.artifacts() + " artifacts, "
                    + Amounts.bytes(crawl.bytes()) + ": read back with the SHA-256 of what was published.");
        } else {
            console.line("Not all is as it was published: "
                    + Amounts.count(report.differences().size(), "difference") + ".");
        }
        audit.problems().forEach(line -> console.line("AUDIT  " + line));
        console.line("Audit  " + audit.text());
    }

    /** All is stored, so nothing in it is of use to anybody. */
    private void deleteTree(Path tree) {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            console.note("stepvault: could not remove " + tree + " (" + e + ")");
        }
    }

    private URI storeUri(Path directory) {
        if (store.isEmpty()) {
            return directory.resolve("store").toUri();
        }
        try {
            return new URI(store.get());
        } catch (URISyntaxException e) {
            // Not quoted: there may be a password in what is no URI.
            throw CommandFailure.usage("--store: this is not a URI; write s3://bucket/prefix or file:///directory");
        }
    }

    /** A store that cannot be written to is found out before anything is started. */
    private StepStore open(URI uri) throws InterruptedException {
        StepStore opened;
        try {
            opened = stores.apply(uri);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("--store: " + e.getMessage());
        }
        try {
            Optional<StoreException> trouble = opened.probe().get(PROBE_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            if (trouble.isPresent()) {
                throw trouble.get();
            }
            return opened;
        } catch (TimeoutException | ExecutionException e) {
            opened.close();
            throw CommandFailure.couldNotRun(
                    "the store " + opened.location() + " does not answer within " + PROBE_TIMEOUT.toSeconds()
                            + " s; check its address and that it runs",
                    e);
        } catch (RuntimeException | InterruptedException e) {
            opened.close();
            throw e;
        }
    }

    /** Says whether it was empty. */
    private static boolean deleteIfEmpty(Path path) throws IOException {
        try {
            return (Files.isDirectory(path) || Files.size(path) == 0) && Files.deleteIfExists(path);
        } catch (DirectoryNotEmptyException e) {
            return false; // the stored files, which are kept
        }
    }
}

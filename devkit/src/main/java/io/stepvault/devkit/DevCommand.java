package io.stepvault.devkit;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.server.ReadServer;
import io.stepvault.server.ReadServerOptions;
import io.stepvault.storage.FallbackStepStore;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoreOptions;
import io.stepvault.worker.cli.CommandFailure;
import io.stepvault.worker.cli.ExitCode;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.config.WorkerConfig;
import io.stepvault.worker.spool.view.SpooledObjects;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A pipeline to develop a crawler against: broker, worker and store in one process, with data that stays. */
@Command(
        name = "dev",
        description = {
            "Runs a broker, a worker, a file store and the viewer in this process until Ctrl-C, to develop against.",
            "What was published and stored is kept in --dir and is there again at the next start. The first start"
                    + " publishes a sample crawl."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault dev",
            "  stepvault dev --kafka-port 19092 --http-port 18080 --dir /var/tmp/stepvault"
        })
final class DevCommand implements Callable<Integer> {
    private static final Duration SAMPLE_TIMEOUT = Duration.ofSeconds(60);

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where everything is kept (default: ${DEFAULT-VALUE} in the current directory).")
    private Path directory = Path.of(".stepvault");

    @Option(names = "--kafka-port", paramLabel = "PORT", description = "The broker's port (default: ${DEFAULT-VALUE}).")
    private int kafkaPort = 9092;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description = "The port of health and metrics (default: ${DEFAULT-VALUE}; 0 takes a free one).")
    private int httpPort = 8080;

    @Option(
            names = "--viewer-port",
            paramLabel = "PORT",
            description = "The port of the viewer and the read API (default: ${DEFAULT-VALUE}; 0 takes a free one).")
    private int viewerPort = 8090;

    private final Console console;

    DevCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Path home = Files.createDirectories(directory.toAbsolutePath().normalize());
        try (InterruptOnShutdown onShutdown = InterruptOnShutdown.ofThisThread(ExitCode.DONE);
                RunLog log = RunLog.to(home.resolve("dev.log"))) {
            try {
                run(home);
            } catch (InterruptedException | RuntimeException e) {
                if (e instanceof RuntimeException failure && !onShutdown.isRequested()) {
                    throw failure;
                }
                console.line("Stopped. What was published and stored is in " + home + ".");
            }
            return ExitCode.DONE;
        } catch (ExecutionException e) {
            throw CommandFailure.couldNotRun(
                    "the worker has ended: " + (e.getCause() == null ? e : e.getCause()).getMessage() + "; see "
                            + home.resolve("dev.log"),
                    e);
        }
    }

    private void run(Path home) throws IOException, InterruptedException, ExecutionException {
        URI storeUri = home.resolve("store").toUri();
        try (EmbeddedKafka kafka = startKafka(home.resolve("kafka"));
                StepStore store = StepStore.open(storeUri);
                StepStore spool = SpooledObjects.openStore(home.resolve("spool"), StoreOptions.defaults())) {
            Settings settings = Settings.ofDev(kafka.bootstrapServers(), storeUri, home.resolve("spool"), httpPort);
            WorkerConfig config = settings.worker();
            new Topics(settings, console).create();
            try (RunningWorker worker = RunningWorker.start(config);
                    ReadServer viewer = startViewer(new FallbackStepStore(store, spool))) {
                publishSampleOnce(home.resolve("sample-published"), config, store);
                welcome(home, config, store.location(), worker, viewer);
                worker.awaitEnd();
            } catch (InterruptedException e) {
                console.note("stepvault: stopping ...");
                throw e;
            }
        }
    }

    private EmbeddedKafka startKafka(Path data) throws InterruptedException {
        if (kafkaPort < 1 || kafkaPort > 65_535) {
            throw CommandFailure.usage("--kafka-port: '" + kafkaPort + "' is not allowed; expected 1 to 65535");
        }
        return OwnBroker.start(
                EmbeddedKafka.builder().directory(data).firstPort(kafkaPort), " --dir and --kafka-port do that.");
    }

    private ReadServer startViewer(StepStore steps) {
        if (viewerPort < 0 || viewerPort > 65_535) {
            throw CommandFailure.usage("--viewer-port: '" + viewerPort + "' is not allowed; expected 0 to 65535");
        }
        try {
            return ReadServer.start(steps, ReadServerOptions.onLoopback(viewerPort));
        } catch (IOException e) {
            throw CommandFailure.couldNotRun(
                    "the viewer cannot listen on port " + viewerPort + ": " + e.getMessage()
                            + "; stop the program that listens there, or choose another port with --viewer-port",
                    e);
        }
    }

    /** A start that was cut short publishes it again, which stores the same once more. */
    private void publishSampleOnce(Path marker, WorkerConfig config, StepStore store)
            throws IOException, InterruptedException {
        if (Files.exists(marker)) {
            return;
        }
        RoundTripReport report =
                new RoundTrip(SampleCrawl.read(""), config.kafka(), store, console).run(SAMPLE_TIMEOUT);
        report.differences().forEach(line -> console.note("stepvault: sample crawl: " + line));
        if (report.isAsItShouldBe()) {
            Files.createFile(marker);
        }
    }

    private void welcome(Path home, WorkerConfig config, URI store, RunningWorker worker, ReadServer viewer) {
        String bootstrap = config.kafka().bootstrapServers();
        console.line(
                "Kafka    " + bootstrap + "  topics " + config.kafka().topics().captures() + ", "
                        + config.kafka().topics().completions() + ", "
                        + config.kafka().topics().deadLetters());
        console.line("Viewer   " + viewer.uri() + "  the read API is on "
                + viewer.uri().resolve("/api/"));
        console.line("Store    " + store);
        console.line("Health   " + worker.health());
        console.line("Metrics  " + worker.metrics());
        console.line("Log      " + home.resolve("dev.log"));
        console.line("");
        console.line("Publish a crawl   ./stepvault publish DIR --bootstrap " + bootstrap);
        console.line("See completions   ./stepvault completions --follow --bootstrap " + bootstrap);
        console.line("List sessions     ./stepvault sessions --store " + store);
        console.line("");
        console.line("Ctrl-C stops it.");
    }
}

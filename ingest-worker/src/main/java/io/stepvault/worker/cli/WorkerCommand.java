package io.stepvault.worker.cli;

import io.stepvault.storage.s3.S3Location;
import io.stepvault.worker.IngestWorker;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.config.ProcessConfig.HttpConfig;
import io.stepvault.worker.config.ProcessConfig.LogConfig;
import io.stepvault.worker.config.WorkerConfig;
import io.stepvault.worker.spool.file.SpoolInUseException;
import java.io.IOException;
import java.net.SocketException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs a worker until the process is asked to end. */
@Command(
        name = "worker",
        description = {
            "Runs a worker: takes step captures off the topic, stores them, and announces what it stored.",
            "It stays up while brokers or store are away, and says on /health/ready what it waits for. SIGTERM and"
                    + " Ctrl-C stop it in an orderly way: what it has read is stored and committed first."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault worker --config worker.properties",
            "  STEPVAULT_KAFKA_BOOTSTRAP_SERVERS=localhost:9092 STEPVAULT_STORE_URI=s3://bucket/prefix stepvault worker"
        })
final class WorkerCommand implements Callable<Integer> {
    private static final Logger log = LoggerFactory.getLogger(WorkerCommand.class);

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    private final Console console;
    private final Consumer<LogConfig> logging;

    /** A worker whose configuration says {@code logging} how to log. */
    WorkerCommand(Console console, Consumer<LogConfig> logging) {
        this.console = console;
        this.logging = logging;
    }

    @Override
    public Integer call() {
        WorkerConfig effective = config.forWorker(console.environment());
        logging.accept(effective.process().log());
        logConfiguration(effective);
        requireStore(effective.store().uri());
        try (IngestWorker worker = start(effective)) {
            return run(worker, effective);
        } catch (CompletionException e) {
            throw CommandFailure.couldNotRun(couldNotGoOn(e), e);
        }
    }

    private static void logConfiguration(WorkerConfig config) {
        for (String line : config.lines()) {
            int equals = line.indexOf('=');
            log.atInfo()
                    .addKeyValue(line.substring(0, equals), line.substring(equals + 1))
                    .log("Effective configuration");
        }
    }

    private int run(IngestWorker worker, WorkerConfig config) {
        GracefulStop stop = new GracefulStop(() -> stop(worker));
        try {
            HttpConfig http = config.process().http();
            String host = http.host().contains(":") ? "[" + http.host() + "]" : http.host();
            String address = "http://" + host + ":" + worker.httpPort();
            console.line("Worker " + config.process().workerId() + " runs: " + address + "/health/ready, " + address
                    + "/metrics");
            worker.ended().join();
            return ExitCode.DONE;
        } finally {
            stop.close();
        }
    }

    /** The configuration knows the form of the URI; what its parameters may say is the store's matter. */
    private static void requireStore(URI store) {
        try {
            if ("s3".equalsIgnoreCase(store.getScheme())) {
                S3Location.parse(store);
            } else if (store.getRawQuery() != null) {
                throw new IllegalArgumentException("a file: store takes no parameters; write file:///dir");
            }
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("store.uri: " + e.getMessage());
        }
    }

    private static IngestWorker start(WorkerConfig config) {
        try {
            return IngestWorker.start(config);
        } catch (SpoolInUseException e) {
            throw CommandFailure.couldNotRun(String.valueOf(e.getMessage()), e);
        } catch (SocketException | UnresolvedAddressException e) {
            HttpConfig http = config.process().http();
            throw CommandFailure.couldNotRun(
                    "cannot serve health and metrics on " + http.host() + ":" + http.port() + ": "
                            + (e.getMessage() == null ? "no such address" : e.getMessage())
                            + "; set http.host and http.port to a free address, or stop what uses this one",
                    e);
        } catch (IOException e) {
            throw CommandFailure.couldNotRun(
                    "cannot use the spool directory " + config.store().spool().directory() + ": " + e.getMessage()
                            + "; set spool.dir to a directory that this user may write",
                    e);
        } catch (KafkaException e) {
            throw CommandFailure.couldNotRun(
                    "Kafka's client does not start: " + (e.getCause() == null ? e : e.getCause()).getMessage()
                            + "; check kafka.*",
                    e);
        }
    }

    private int stop(IngestWorker worker) {
        worker.close();
        return worker.ended()
                .handle((nothing, failure) -> failure == null ? ExitCode.DONE : ExitCode.COULD_NOT_RUN)
                .join();
    }

    private static String couldNotGoOn(CompletionException failure) {
        Throwable cause = failure.getCause();
        return "the worker cannot go on: "
                + (cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage());
    }
}

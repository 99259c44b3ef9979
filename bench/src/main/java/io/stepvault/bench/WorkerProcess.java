package io.stepvault.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A worker in a process of its own, with a store on disk and otherwise the defaults that it ships with.
 *
 * @param process of the worker
 * @param firstPoll the time from the start of its JVM until it polled
 */
public record WorkerProcess(Process process, Duration firstPoll) implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(5);

    /**
     * Returns once it polls.
     *
     * @param directory holds {@code store}, which workers share, and the log
     * @param spool the name of its disk queue's directory in there, which they do not
     * @throws IOException if it ends before
     */
    public static WorkerProcess start(String bootstrapServers, Path directory, String spool)
            throws IOException, InterruptedException {
        Path log = Files.createTempFile(directory, "worker", ".log");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.stepvault.worker.cli.Stepvault",
                        "worker")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(log.toFile());
        builder.environment()
                .putAll(Map.of(
                        "STEPVAULT_KAFKA_BOOTSTRAP_SERVERS",
                        bootstrapServers,
                        "STEPVAULT_STORE_URI",
                        directory.resolve("store").toUri().toString(),
                        "STEPVAULT_SPOOL_DIR",
                        directory.resolve(spool).toAbsolutePath().toString(),
                        "STEPVAULT_HTTP_PORT",
                        "0"));
        Instant begin = Instant.now();
        Process process = builder.start();
        while (!Files.readString(log).contains("Polling")) {
            if (!process.isAlive()) {
                throw new IOException("the worker ended before it polled; see " + log);
            }
            Thread.sleep(POLL.toMillis());
        }
        return new WorkerProcess(process, Duration.between(begin, Instant.now()));
    }

    /** SIGKILL; returns once it is gone. */
    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}

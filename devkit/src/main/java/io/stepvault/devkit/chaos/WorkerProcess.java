package io.stepvault.devkit.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A worker in a process of its own, as {@code ./stepvault worker} runs it: it can be killed, frozen and asked to end, and
 * started again on the same spool directory, port and log. Safe for any thread.
 */
final class WorkerProcess implements AutoCloseable {
    /** Longer than {@code shutdown.timeout}. */
    private static final Duration END_TIMEOUT = Duration.ofSeconds(40);

    /** What {@code stepvault worker} says once it can be asked to end. */
    private static final String BEGUN = " runs: http";

    private static final long MAX_LOG_BYTES = 1 << 20;

    private static final Duration KILL_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration SCRAPE_TIMEOUT = Duration.ofSeconds(2);

    private final Path directory;
    private final int port;
    private final String heap;
    private final Map<String, String> environment;
    private final HttpClient http;
    private volatile @Nullable Process process;
    private volatile long logStart;
    private volatile boolean frozen;
    private volatile boolean left;
    private volatile boolean closed;

    /**
     * A worker that does not run yet.
     *
     * @param directory holds its {@code worker.properties}
     * @param port of its health and metrics
     * @param heap as {@code 256m}
     * @param environment beside this process' own, without what would configure a worker
     */
    WorkerProcess(Path directory, int port, String heap, Map<String, String> environment, HttpClient http) {
        this.directory = directory;
        this.port = port;
        this.heap = heap;
        this.environment = Map.copyOf(environment);
        this.http = http;
    }

    /** Does nothing if it runs, or was closed for good. */
    synchronized void start() {
        if (closed || isRunning()) {
            return;
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(WorkerFlags.ofThisJvm());
        command.addAll(List.of(
                "-Xmx" + heap,
                "-cp",
                System.getProperty("java.class.path"),
                "io.stepvault.worker.cli.Stepvault",
                "worker",
                "--config",
                directory.resolve("worker.properties").toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().keySet().removeIf(name -> name.startsWith("STEPVAULT_"));
        builder.environment().putIfAbsent("MALLOC_ARENA_MAX", "1"); // as the launcher does
        builder.environment().putAll(environment);
        try {
            logStart = Files.exists(log()) ? Files.size(log()) : 0;
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a worker: is there memory for another process?", e);
        }
        frozen = false;
    }

    boolean isRunning() {
        Process current = process;
        return current != null && current.isAlive();
    }

    boolean isFrozen() {
        return frozen;
    }

    Path log() {
        return directory.resolve("worker.log");
    }

    /** Whether it has told that it runs. A signal that comes earlier ends the JVM as it ends any. */
    boolean hasBegun() {
        try (FileChannel log = FileChannel.open(log())) {
            ByteBuffer text = ByteBuffer.allocate((int) Math.min(log.size() - logStart, MAX_LOG_BYTES));
            log.read(text, logStart);
            return new String(text.array(), StandardCharsets.UTF_8).contains(BEGUN);
        } catch (IOException e) {
            return false;
        }
    }

    /** SIGKILL: it gets no chance to do anything more. */
    void kill() throws InterruptedException {
        Process current = process;
        if (current != null) {
            current.destroyForcibly().waitFor();
        }
    }

    /** SIGSTOP: it stands still, with all that it holds, until {@link #thaw}. */
    void freeze() throws InterruptedException {
        frozen = signal("STOP");
    }

    /** SIGCONT. */
    void thaw() throws InterruptedException {
        signal("CONT");
        frozen = false;
    }

    /**
     * SIGTERM.
     *
     * @return its exit code; empty if it does not run, or does not end in time, and is killed then
     */
    Optional<Integer> terminate() throws InterruptedException {
        Process current = process;
        if (current == null) {
            return Optional.empty();
        }
        current.destroy();
        if (current.waitFor(END_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            return Optional.of(current.exitValue());
        }
        kill();
        return Optional.empty();
    }

    /** As {@link #terminate}, for good. */
    Optional<Integer> leave() throws InterruptedException {
        left = true;
        return terminate();
    }

    /** Whether it was asked to end for good. */
    boolean hasLeft() {
        return left;
    }

    /** Says whether there was a process to take it. */
    private boolean signal(String name) throws InterruptedException {
        Process current = process;
        if (current == null || !current.isAlive()) {
            return false;
        }
        try {
            return new ProcessBuilder("kill", "-" + name, Long.toString(current.pid()))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send SIG" + name + ": there is no program called kill", e);
        }
    }

    /** What it says of itself; empty if it does not run, is frozen, or has just begun. */
    CompletableFuture<Optional<Meters>> meters() {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .timeout(SCRAPE_TIMEOUT)
                .build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
                .handle((answer, failure) -> failure == null && answer.statusCode() == 200
                        ? Optional.of(Meters.parse(answer.body()))
                        : Optional.<Meters>empty());
    }

    /** The process that runs now, for what is counted by process. */
    Optional<Long> pid() {
        Process current = process;
        return current != null && current.isAlive() ? Optional.of(current.pid()) : Optional.empty();
    }

    /** What its process keeps in memory, where the system tells (Linux). */
    Optional<ResidentSet> resident() {
        return pid().flatMap(ResidentSet::of);
    }

    /** Ends the process at once, frozen or not, and for good. */
    @Override
    public synchronized void close() {
        closed = true;
        Process current = process;
        if (current != null) {
            // Its files are deleted next.
            current.destroyForcibly()
                    .onExit()
                    .completeOnTimeout(current, KILL_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                    .join();
        }
    }
}

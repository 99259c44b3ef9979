package io.stepvault.worker;

import static org.awaitility.Awaitility.await;

import io.stepvault.worker.config.Machine;
import io.stepvault.worker.config.WorkerConfig;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/** A worker in a process of its own, so that it can be killed. */
final class WorkerProcess implements AutoCloseable {
    private final Process process;
    private final Path port;

    private WorkerProcess(Process process, Path port) {
        this.process = process;
        this.port = port;
    }

    public static void main(String[] arguments) throws IOException {
        WorkerConfig config = WorkerConfig.load(Path.of(arguments[0]), Map.of(), Machine.current());
        IngestWorker worker = IngestWorker.start(config);
        Path port = Path.of(arguments[1]);
        Path written = Files.writeString(
                port.resolveSibling(port.getFileName() + ".tmp"), Integer.toString(worker.httpPort()));
        Files.move(written, port, StandardCopyOption.ATOMIC_MOVE);
        Runtime.getRuntime().addShutdownHook(new Thread(worker::close));
        worker.ended().join();
    }

    static WorkerProcess start(WorkerConfig config, Path directory) throws IOException {
        return start(config, directory, Map.of());
    }

    /**
     * Starts a worker.
     *
     * @param directory for its files and its log, which one after the other may share
     */
    static WorkerProcess start(WorkerConfig config, Path directory, Map<String, String> environment)
            throws IOException {
        Path file = Files.write(Files.createDirectories(directory).resolve("worker.properties"), config.lines());
        Path port = directory.resolve("port");
        Files.deleteIfExists(port);
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WorkerProcess.class.getName(),
                        file.toString(),
                        port.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(new File(directory.toFile(), "worker.log")));
        builder.environment().putAll(environment);
        return new WorkerProcess(builder.start(), port);
    }

    /** What it tells of itself, once it does. */
    Meters meters() throws IOException {
        await().atMost(TestBed.PATIENCE).until(() -> Files.exists(port));
        return new Meters(Integer.parseInt(Files.readString(port)));
    }

    /** SIGTERM: the worker stores and commits what it has read, and ends. */
    void stop() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    /** SIGKILL: the worker gets no chance to do anything more. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** SIGSTOP: the worker stands still, with all that it holds, until {@link #thaw}. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        if (exit != 0) {
            throw new IOException("no SIG" + name + " to process " + process.pid() + ": kill said " + exit);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

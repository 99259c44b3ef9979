package io.stepvault.worker;

import io.stepvault.worker.config.Machine;
import io.stepvault.worker.config.WorkerConfig;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A worker in a process of its own, so that it can be killed. */
final class WorkerProcess implements AutoCloseable {
    private final Process process;

    private WorkerProcess(Process process) {
        this.process = process;
    }

    public static void main(String[] arguments) throws IOException {
        WorkerConfig config = WorkerConfig.load(Path.of(arguments[0]), Map.of(), Machine.current());
        IngestWorker.start(config).ended().join();
    }

    static WorkerProcess start(WorkerConfig config, Path directory) throws IOException {
        Path file = Files.write(directory.resolve("worker.properties"), config.lines());
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WorkerProcess.class.getName(),
                        file.toString()))
                .redirectErrorStream(true)
                .redirectOutput(new File(directory.toFile(), "worker.log"))
                .start();
        return new WorkerProcess(process);
    }

    /** SIGKILL: the worker gets no chance to do anything more. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

package io.stepvault.bench.run;

import io.stepvault.bench.drain.DrainTarget;
import io.stepvault.bench.stub.StubMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A contender at work. It is killed at the end, or with this process. Used by one thread. */
final class ContenderProcess implements AutoCloseable {
    private static final int LOG_TAIL = 2_000;

    private final Process process;
    private final Path directory;
    private final Thread killer;
    private final long started = System.nanoTime();

    private ContenderProcess(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
        this.killer = new Thread(process::destroyForcibly, "contender-killer");
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /** @param trustFlags make it trust the store */
    static ContenderProcess start(Contender contender, DrainTarget target, List<String> trustFlags) throws IOException {
        Path directory = target.directory();
        List<String> command = new ArrayList<>(List.of(JavaCommand.java(), "-Xmx" + contender.heap()));
        command.add(GcLog.flag(gcLog(directory).toString()));
        command.addAll(trustFlags);
        command.addAll(contender.drain().command(target));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log(directory).toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("STEPVAULT_") || name.startsWith("AWS_"));
        builder.environment()
                .putAll(Map.of(
                        "AWS_ACCESS_KEY_ID",
                        StubMain.ACCESS_KEY,
                        "AWS_SECRET_ACCESS_KEY",
                        StubMain.SECRET_KEY,
                        "AWS_REGION",
                        "us-east-1",
                        "AWS_EC2_METADATA_DISABLED",
                        "true",
                        // As the launcher does for a worker: else the C library makes eight pools of memory per core.
                        "MALLOC_ARENA_MAX",
                        "1"));
        return new ContenderProcess(builder.start(), directory);
    }

    /** @throws ContenderFailedException if it has ended by itself */
    void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new ContenderFailedException("ended with " + process.exitValue() + "; " + logTail());
        }
    }

    /** The end of what it has printed. */
    String logTail() throws IOException {
        String all = Files.readString(log(directory));
        return "its log ends: "
                + all.substring(Math.max(0, all.length() - LOG_TAIL)).strip();
    }

    ProcessUsage usage() throws IOException {
        requireAlive();
        return ProcessUsage.of(process.pid());
    }

    /** How far it is now. */
    Sample sample(long captures) throws IOException {
        return new Sample((System.nanoTime() - started) / 1e9, captures, usage().cpuSeconds());
    }

    GcLog collections() throws IOException {
        return GcLog.parse(Files.readAllLines(gcLog(directory)));
    }

    private static Path gcLog(Path directory) {
        return directory.resolve("gc.log");
    }

    private static Path log(Path directory) {
        return directory.resolve("contender.log");
    }

    /** SIGKILL. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
        try {
            Runtime.getRuntime().removeShutdownHook(killer);
        } catch (IllegalStateException e) {
            // This process is ending, and the hook has nothing left to do.
        }
    }
}

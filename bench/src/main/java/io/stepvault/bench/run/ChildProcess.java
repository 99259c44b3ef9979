package io.stepvault.bench.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM with a main class of this module, which greets with a line, answers each line with one, and ends when its
 * standard input does: so with this process, however that ends. Used by one thread.
 */
final class ChildProcess implements AutoCloseable {
    private static final int SECONDS_TO_END = 20;

    private final Process process;
    private final Path log;
    private final BufferedReader answers;
    private final String greeting;

    private ChildProcess(Process process, Path log) throws IOException {
        this.process = process;
        this.log = log;
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.greeting = answer();
    }

    /**
     * Starts it and waits for its greeting.
     *
     * @param directory for its temporary files and its log
     * @throws IOException if it ends first; with the end of its log
     */
    static ChildProcess start(Path directory, List<String> flags, Class<?> main, List<String> arguments)
            throws IOException {
        Path log = directory.resolve(main.getSimpleName() + ".log");
        List<String> command = new ArrayList<>(List.of(JavaCommand.java(), "-Djava.io.tmpdir=" + directory));
        command.addAll(flags);
        command.addAll(List.of("-cp", JavaCommand.classPath(), main.getName()));
        command.addAll(arguments);
        Process process =
                new ProcessBuilder(command).redirectError(log.toFile()).start();
        try {
            return new ChildProcess(process, log);
        } catch (IOException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** What it said first. */
    String greeting() {
        return greeting;
    }

    /** Says a line and waits for the answer. */
    String ask(String line) throws IOException {
        OutputStream in = process.getOutputStream();
        in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
        return answer();
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("a process of the benchmark has ended: " + Files.readString(log));
        }
        return line;
    }

    /** Lets it end, and ends it if it does not. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                return;
            }
        } catch (IOException e) {
            // The pipe is broken since the process is no more.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}

package io.stepvault.devkit.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** A program that ran to its end, and what it printed. */
public record ChildProcess(int exitCode, String out, String err) {
    private static final int PATIENCE_SECONDS = 180;

    /**
     * Skips the test, and says so, if a command is not there. Where continuous integration runs ({@code CI=true}), it
     * fails instead.
     */
    public static void require(String... commands) {
        List<String> missing = Arrays.stream(commands)
                .filter(command -> Arrays.stream(Objects.requireNonNullElse(System.getenv("PATH"), "")
                                .split(File.pathSeparator, -1))
                        .noneMatch(path -> Files.isExecutable(Path.of(path, command))))
                .toList();
        skipUnless(missing.isEmpty(), "there is no " + String.join(", no ", missing));
    }

    /** As {@link #require}, for the browser that the crawlers use. */
    static void requireChromium() {
        String executable = System.getenv().getOrDefault("CHROMIUM", "/usr/bin/chromium");
        skipUnless(
                Files.isExecutable(Path.of(executable)), "there is no " + executable + "; CHROMIUM may name another");
    }

    /** Skips the test, and says so, or fails it where continuous integration runs. */
    public static void skipUnless(boolean condition, String why) {
        if (!condition && !"true".equals(System.getenv("CI"))) {
            System.err.println("SKIPPED: a producer from examples/ or the conformance kit, since " + why);
            assumeTrue(false, why);
        }
        assertThat(condition).as(why).isTrue();
    }

    /** Runs a command in a directory, with these variables on top of ours, and waits for its end. */
    public static ChildProcess run(Path directory, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("stepvault-child", ".out");
        Path err = Files.createTempFile("stepvault-child", ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(ended)
                    .as("%s ends%n%s%s", List.of(command), Files.readString(out), Files.readString(err))
                    .isTrue();
            return new ChildProcess(process.exitValue(), Files.readString(out), Files.readString(err));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.delete(out);
            Files.delete(err);
        }
    }

    /** As {@link #run}, and expects that it succeeds. */
    public static ChildProcess succeed(Path directory, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        ChildProcess done = run(directory, environment, command);
        assertThat(done.exitCode()).as("%s: %s", List.of(command), done).isZero();
        return done;
    }
}

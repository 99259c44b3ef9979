package io.stepvault.bench.drain;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The jars of a contender that is not ours, copied by Maven from a project of its own ({@code bench/peers/<name>}), so
 * that they never meet Stepvault's. Copied once; needs {@code mvn} on the path, and the network for what Maven does not
 * have yet.
 *
 * @param project the directory of the Maven project
 * @param jars where its jars go
 */
public record PeerJars(Path project, Path jars) {
    private static final long PATIENCE_MINUTES = 15;

    /**
     * Of the checkout that the bench runs in.
     *
     * @param bench the module's directory
     */
    public static PeerJars of(Path bench, String name) {
        return new PeerJars(
                bench.resolve("peers").resolve(name),
                bench.resolve("target").resolve("peers").resolve(name));
    }

    /**
     * A class path of all of them; copies them first if they are missing or older than the project.
     *
     * @throws IOException if Maven cannot
     */
    public String classPath() throws IOException {
        Path copied = jars.resolve("copied");
        FileTime asked = Files.getLastModifiedTime(project.resolve("pom.xml"));
        if (!Files.exists(copied) || !Files.getLastModifiedTime(copied).equals(asked)) {
            Files.createDirectories(jars);
            copy();
            Files.writeString(copied, "");
            Files.setLastModifiedTime(copied, asked);
        }
        return jars.toAbsolutePath() + "/*";
    }

    private void copy() throws IOException {
        Path log = jars.resolve("maven.log");
        // What Maven has need not be asked for over the network.
        if (!maven(log, List.of("--offline")) && !maven(log, List.of())) {
            throw new IOException("Maven could not get the jars of " + project + "; see " + log);
        }
    }

    private boolean maven(Path log, List<String> options) throws IOException {
        List<String> command = new ArrayList<>(List.of("mvn", "-B", "-q", "-ntp"));
        command.addAll(options);
        command.addAll(List.of(
                "-f",
                project.resolve("pom.xml").toString(),
                "dependency:copy-dependencies",
                "-DincludeScope=runtime",
                "-DoutputDirectory=" + jars.toAbsolutePath()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            return process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES) && process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while Maven copied jars", e);
        } finally {
            process.destroy();
        }
    }
}

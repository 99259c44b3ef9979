package io.stepvault.worker.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the configuration has to know about the process it is for. Immutable; safe for any thread.
 *
 * @param hostName the name of this host
 * @param processId the id of this process
 * @param heap the largest heap that this JVM will use
 * @param home the user's home directory, if there is one
 */
public record Machine(String hostName, long processId, ByteSize heap, Optional<Path> home) {
    private static final int MAX_HOST_NAME_LENGTH = 75;
    private static final ByteSize MOST_MEMORY = ByteSize.ofMiB(128);
    // What the other defaults need: the largest capture, and a batch.
    private static final ByteSize NEEDED_MEMORY = ByteSize.ofMiB(72);

    /** This process. */
    public static Machine current() {
        String hostName;
        try {
            hostName = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // Only a name for people: a host that cannot resolve its own is no reason not to start.
            hostName = "worker";
        }
        return new Machine(
                hostName,
                ProcessHandle.current().pid(),
                new ByteSize(Runtime.getRuntime().maxMemory()),
                ownHome());
    }

    /** A process that is no worker: its heap does not matter, and a home directory is not needed. */
    public static Machine ofCommandLine() {
        return new Machine(
                "command-line",
                ProcessHandle.current().pid(),
                new ByteSize(Long.MAX_VALUE),
                ownHome().or(() -> Optional.of(Path.of("").toAbsolutePath().getRoot())));
    }

    /** This process, which is no worker but works as one: its heap matters, and a home directory is not needed. */
    public static Machine ofJob() {
        Machine current = current();
        return new Machine(
                current.hostName,
                current.processId,
                current.heap,
                ofCommandLine().home());
    }

    /** Java gives {@code ?} where the system knows none, as for a container's made-up user. */
    private static Optional<Path> ownHome() {
        return Optional.of(Path.of(System.getProperty("user.home", ""))).filter(Path::isAbsolute);
    }

    /**
     * The default of {@code memory.max.bytes}. What is being fetched, what was fetched and waits, and all that is no
     * capture come on top and may be as much again; with less room to spare than that leaves, the collector takes a third
     * of the processor.
     */
    ByteSize memory() {
        long needed = Math.min(heap.bytes() / 5 * 2, NEEDED_MEMORY.bytes());
        return ByteSize.ofMiB(Math.min(Math.max(heap.bytes() / 10 * 3, needed), MOST_MEMORY.bytes()) >> 20);
    }

    /** The default of {@code spool.dir}. */
    Optional<Path> spoolDirectory() {
        return home.map(directory -> directory.resolve(".stepvault").resolve("spool"));
    }

    /** The default of {@code worker.id}. */
    String workerId() {
        String kept = hostName.replaceAll("[^A-Za-z0-9._-]", "-");
        return kept.substring(0, Math.min(kept.length(), MAX_HOST_NAME_LENGTH)) + "-" + processId;
    }
}

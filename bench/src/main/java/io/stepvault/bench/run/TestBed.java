package io.stepvault.bench.run;

import io.stepvault.bench.broker.BrokerMain;
import io.stepvault.bench.data.Topics;
import io.stepvault.bench.stub.StubCertificate;
import io.stepvault.bench.stub.StubCounts;
import io.stepvault.bench.stub.StubMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What stands around contenders: a broker and a store, each a process of its own, and a directory for all files. All of
 * it ends and goes with this object, or with this process, whichever comes first. Used by one thread.
 */
public final class TestBed implements AutoCloseable {
    private static final List<String> BROKER_FLAGS = List.of("-Xmx768m", "-XX:+UseSerialGC");
    private static final List<String> STORE_FLAGS = List.of("-Xmx192m", "-XX:+UseSerialGC");

    private final Path directory;
    private final Thread cleaner = new Thread(this::deleteFiles, "bench-cleaner");
    private final StubCertificate certificate;
    private final ChildProcess broker;
    private final ChildProcess store;
    private final Topics topics;

    private TestBed(Path directory, StubCertificate certificate, ChildProcess broker, ChildProcess store) {
        this.directory = directory;
        this.certificate = certificate;
        this.broker = broker;
        this.store = store;
        this.topics = new Topics(broker.greeting());
    }

    /**
     * Starts everything.
     *
     * @param parent where the directory is made
     * @param verifies whether the store checks signatures and checksums, which costs it time
     */
    public static TestBed start(Path parent, boolean verifies) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(parent, "stepvault-bench");
        try {
            StubCertificate certificate = StubCertificate.make(directory.resolve("store.p12"));
            ChildProcess store = ChildProcess.start(
                    directory,
                    STORE_FLAGS,
                    StubMain.class,
                    List.of(certificate.file().toString(), verifies ? "verify" : "believe"));
            try {
                ChildProcess broker = ChildProcess.start(directory, BROKER_FLAGS, BrokerMain.class, List.of());
                TestBed bed = new TestBed(directory, certificate, broker, store);
                Runtime.getRuntime().addShutdownHook(bed.cleaner);
                return bed;
            } catch (IOException e) {
                store.close();
                throw e;
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            delete(directory);
            throw e;
        }
    }

    /** The broker's topics. */
    public Topics topics() {
        return topics;
    }

    /** Where the store is, for these contenders. */
    URI endpoint(Cell cell) {
        String[] endpoints = store.greeting().split(" ", -1);
        return URI.create(endpoints[cell.isEncrypted() ? 1 : 0]);
    }

    /** Makes a JVM trust the store. */
    List<String> trustFlags() {
        return certificate.trustFlags();
    }

    /** Makes every answer of the store wait from now on. */
    void setLatency(Duration latency) throws IOException {
        store.ask("latency " + latency.toMillis());
    }

    /** What the store has been asked so far. */
    public StubCounts counts() throws IOException {
        return StubCounts.parse(store.ask("counts"));
    }

    /** The first few mistakes that the store has found. */
    public String mistakes() throws IOException {
        return store.ask("mistakes");
    }

    /** An empty directory. */
    Path directory(String name) throws IOException {
        return Files.createDirectory(directory.resolve(name));
    }

    /** Deletes a directory with all that is in it. */
    static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private void deleteFiles() {
        broker.close();
        store.close();
        try {
            delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("files of the benchmark are left: " + directory, e);
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(cleaner);
        } catch (IllegalStateException e) {
            return; // the hook is at it
        }
        topics.close();
        deleteFiles();
    }
}

package io.stepvault.worker;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.stepvault.embedded.EmbeddedKafka;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.ObjectStepStore;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoreOptions;
import io.stepvault.storage.file.FileObjectStore;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.TransientStoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk of the store is full, and that of the disk queue: by a quota, and in earnest where file systems can be mounted. */
class FullDiskIT {
    /** What fails is tried again soon, and as if it had been for days. */
    private static final Map<String, String> QUICK = Map.of(
            "store.retry.max.attempts", "1",
            "store.breaker.minimum.calls", "2",
            "store.breaker.open.for", "500ms",
            "spool.set-aside.after", "1",
            "spool.set-aside.max", "1s");

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EmbeddedKafka kafka;

    @BeforeAll
    static void startKafka() {
        kafka = EmbeddedKafka.builder().start();
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    private static List<StepCapture> crawl(String name, int sessions, int steps, int screenshotBytes) {
        return TestBed.crawl(name, sessions, steps).stream()
                .map(capture -> StepCapture.newBuilder(capture)
                        .setScreenshot(Captures.screenshot(screenshotBytes))
                        .build())
                .toList();
    }

    @Test
    void aStoreWhoseQuotaIsUsedUpIsWaitedFor(@TempDir Path directory) throws Exception {
        Quota quota = new Quota(directory, 300 << 10);
        try (TestBed bed = new TestBed(kafka, 3).createTopics();
                IngestWorker worker =
                        IngestWorker.start(bed.config(directory.toUri().toString(), QUICK), quota::open)) {
            waitsForRoom(bed, worker, directory.toUri(), quota::raise);
            quota.watch.assertNothingOverwritten();
        }
    }

    @Test
    void aStoreWhoseDiskIsFullIsWaitedFor() throws Exception {
        try (SmallDisk disk = SmallDisk.mount();
                TestBed bed = new TestBed(kafka, 3).createTopics()) {
            Path directory = disk.root.resolve("store");
            disk.fillUpTo(400 << 10);
            try (IngestWorker worker =
                    IngestWorker.start(bed.config(directory.toUri().toString(), QUICK))) {
                waitsForRoom(bed, worker, directory.toUri(), disk::makeRoom);
            }
            assertThat(directory.resolve(".tmp")).isEmptyDirectory();
        }
    }

    /** What the store has no room for waits on the disk of the queue until it has. */
    private static void waitsForRoom(TestBed bed, IngestWorker worker, URI location, Runnable makeRoom) {
        Meters meters = Meters.of(worker);
        List<StepCapture> before = crawl("before", 8, 6, 20 << 10);
        bed.publish(before);
        await().atMost(TestBed.PATIENCE).untilAsserted(() -> {
            assertThat(meters.value("stepvault_records_consumed_total")).isEqualTo(before.size());
            assertThat(meters.whyNotReady()).contains("store fails since", "the disk is full");
            assertThat(meters.value("stepvault_store_failures_total{kind=\"transient\"}"))
                    .as("what waits on the disk was tried again")
                    .isGreaterThan(8);
        });
        assertThat(meters.value("stepvault_spool_batches")).isPositive();
        assertThat(meters.value("stepvault_partitions_paused")).isZero();
        assertThat(meters.value("stepvault_spool_batches_set_aside_total"))
                .as("held against a batch")
                .isZero();
        assertThat(bed.deadLetters()).isEmpty();
        assertThat(meters.isAlive()).isTrue();
        assertThat(worker.ended()).isNotDone();

        makeRoom.run();
        List<StepCapture> after = crawl("after", 8, 2, 20 << 10);
        bed.publish(after);

        try (StepStore store = StepStore.open(location)) {
            TestBed.assertInOrder(bed.assertCompletedOnce(store, TestBed.concat(List.of(before, after))));
        }
        awaitHealed(meters);
        assertThat(bed.deadLetters()).isEmpty();
    }

    private static void awaitHealed(Meters meters) {
        await().atMost(TestBed.PATIENCE).untilAsserted(() -> {
            assertThat(meters.whyNotReady()).isEqualTo("ok\n");
            assertThat(meters.value("stepvault_spool_batches")).isZero();
            assertThat(meters.value("stepvault_partitions_paused")).isZero();
        });
    }

    @Test
    void whenTheDiskOfTheQueueIsFullReadingPausesAndNothingIsLost() throws Exception {
        try (SmallDisk disk = SmallDisk.mount()) {
            readingPausesUntilTheStoreIsBack(disk, () -> disk.fillUpTo(1 << 20));
        }
    }

    /** The worker sees that bytes run out before it writes; of files it is told by the system alone. */
    @Test
    void whenTheDiskOfTheQueueTakesNoMoreFilesReadingPausesAndNothingIsLost() throws Exception {
        try (SmallDisk disk = SmallDisk.mount()) {
            readingPausesUntilTheStoreIsBack(disk, () -> disk.fillWithFilesUpTo(2));
        }
    }

    private static void readingPausesUntilTheStoreIsBack(SmallDisk disk, Runnable fill) throws Exception {
        Path spool = disk.root.resolve("spool");
        Map<String, String> properties = new HashMap<>(QUICK);
        properties.putAll(Map.of(
                "spool.dir", spool.toString(),
                "spool.min.free.bytes", "0B",
                "memory.max.bytes", "4MiB",
                "capture.max.bytes", "1MiB",
                "batch.max.bytes", "1MiB",
                "kafka.consumer.fetch.max.bytes", "1048576"));
        try (TestBucket bucket = TestBucket.create();
                TestBed bed = new TestBed(kafka, 3).createTopics();
                IngestWorker worker =
                        IngestWorker.start(bed.config(bucket.uri().toString(), properties), bucket::watched)) {
            Meters meters = Meters.of(worker);
            bucket.s3.stop();
            fill.run();
            List<StepCapture> crawl = crawl("large", 8, 12, 100 << 10);
            bed.publish(crawl);

            await().atMost(TestBed.PATIENCE).untilAsserted(() -> {
                assertThat(meters.value("stepvault_partitions_paused")).isEqualTo(3);
                assertThat(meters.value("stepvault_spool_refusals_total")).isGreaterThan(1);
            });
            assertThat(meters.value("stepvault_spool_steps_written_total"))
                    .as("until it was full")
                    .isPositive();
            assertThat(meters.value("stepvault_records_consumed_total")).isLessThan(crawl.size());
            assertThat(meters.isAlive()).isTrue();
            assertThat(worker.ended()).isNotDone();
            bucket.s3.start();

            try (StepStore store = bucket.reader()) {
                TestBed.assertInOrder(bed.assertCompletedOnce(store, crawl));
            }
            awaitHealed(meters);
            bucket.watch.assertNothingOverwritten();
            assertThat(bed.deadLetters()).isEmpty();
            await().atMost(TestBed.PATIENCE)
                    .untilAsserted(() -> assertThat(spool.resolve("queue")).isEmptyDirectory());
        }
    }

    /** Opens the store in a directory of which only so many bytes may be used. As on a disk, an empty file always fits. */
    private static final class Quota {
        final StoreWatch watch = new StoreWatch();

        private final Path directory;
        private final Set<String> stored = new HashSet<>();
        private long left;

        Quota(Path directory, long bytes) {
            this.directory = directory;
            this.left = bytes;
        }

        synchronized void raise() {
            left = Long.MAX_VALUE;
        }

        private synchronized boolean hasRoomFor(PutRequest request) {
            int bytes = stored.contains(request.key()) ? 0 : request.size();
            if (bytes <= left) {
                stored.add(request.key());
                left -= bytes;
                return true;
            }
            return false;
        }

        StepStore open(StoreOptions options) {
            ExecutorService threads = Executors.newFixedThreadPool(4);
            ObjectStore files = FileObjectStore.open(directory, threads, options.clock());
            return new ObjectStepStore(watch.over(new Limited(files, threads)), "", options);
        }

        private final class Limited extends ForwardingObjectStore {
            private final ExecutorService threads;

            Limited(ObjectStore store, ExecutorService threads) {
                super(store);
                this.threads = threads;
            }

            @Override
            public CompletableFuture<Void> put(PutRequest request) {
                return hasRoomFor(request)
                        ? super.put(request)
                        : CompletableFuture.failedFuture(TransientStoreException.full(
                                location().toString(), request.key(), new IOException("Disk quota exceeded")));
            }

            @Override
            public void close() {
                super.close();
                threads.shutdown();
            }
        }
    }

    /** A file system of its own, of a few MiB: ext4 in a file, on a loop device, or else a tmpfs. */
    private static final class SmallDisk implements AutoCloseable {
        private static final String BYTES = "16M";
        private static final String FILES = "2048";

        final Path root;
        private final Path image;
        private final List<Path> ballast = new ArrayList<>();

        private SmallDisk(Path root, Path image) {
            this.root = root;
            this.image = image;
        }

        static SmallDisk mount() throws IOException {
            Path root = Files.createTempDirectory("stepvault-disk");
            Path image = Files.createTempFile("stepvault-disk", ".ext4");
            boolean mounted = (run("mkfs.ext4", "-q", "-F", "-m", "0", "-N", FILES, image.toString(), BYTES)
                            && run("mount", "-o", "loop", image.toString(), root.toString()))
                    || run(
                            "mount",
                            "-t",
                            "tmpfs",
                            "-o",
                            "size=" + BYTES + ",nr_inodes=" + FILES,
                            "tmpfs",
                            root.toString());
            if (!mounted) {
                delete(root);
                delete(image);
            }
            assumeTrue(mounted, "this machine lets the test mount neither a loop device nor a tmpfs (it takes root)");
            return new SmallDisk(root, image);
        }

        private static boolean run(String... command) {
            try {
                return new ProcessBuilder(command)
                                .redirectErrorStream(true)
                                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                                .start()
                                .waitFor()
                        == 0;
            } catch (IOException e) {
                return false; // there is no such command
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** Writes until the system has no room; then gives so much of it back. */
        void fillUpTo(long left) {
            try (FileChannel ballast = FileChannel.open(newBallast(), CREATE_NEW, WRITE)) {
                assertThatThrownBy(() -> {
                            while (true) {
                                ballast.write(ByteBuffer.allocate(4096));
                            }
                        })
                        .hasMessageContaining("No space left");
                ballast.truncate(ballast.size() - left).force(true);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** The same with files that are empty. */
        void fillWithFilesUpTo(int left) {
            assertThatThrownBy(() -> {
                        while (true) {
                            Files.createFile(newBallast());
                        }
                    })
                    .hasMessageContaining("No space left");
            ballast.subList(0, left).forEach(SmallDisk::delete);
        }

        private Path newBallast() {
            Path file = root.resolve("ballast-" + ballast.size());
            ballast.add(file);
            return file;
        }

        void makeRoom() {
            ballast.forEach(SmallDisk::delete);
        }

        private static void delete(Path file) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            if (!run("umount", root.toString())) {
                run("umount", "--lazy", root.toString()); // somebody has a file of it open
            }
            delete(root);
            delete(image);
        }
    }
}

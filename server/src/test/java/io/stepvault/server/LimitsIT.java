package io.stepvault.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import io.stepvault.capture.ArtifactInfo;
import io.stepvault.capture.ArtifactName;
import io.stepvault.capture.CommitRecord;
import io.stepvault.capture.Revision;
import io.stepvault.storage.StoredStep;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the server holds out against: much, slow and broken. */
class LimitsIT {
    private static final String PAGE = "/api/v1/sessions/s/steps/a/artifacts/html";
    private static final ReadLimits SMALL =
            new ReadLimits(2, 1, Duration.ofMillis(500), Duration.ofMillis(100), 16 << 10);

    /** A step whose page is as large as a test wants, and is made while it is read. */
    private static final class MadeUpStep implements StoredStep {
        private final long size;
        private final long breaksAt;
        private final CountDownLatch open;
        private final AtomicInteger read = new AtomicInteger();
        private final AtomicInteger closed = new AtomicInteger();

        MadeUpStep(long size, long breaksAt, CountDownLatch open) {
            this.size = size;
            this.breaksAt = breaksAt;
            this.open = open;
        }

        @Override
        public CommitRecord record() {
            return new CommitRecord(
                    "s",
                    "a",
                    Instant.EPOCH,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    new TreeMap<>(Map.of(ArtifactName.HTML, new ArtifactInfo("text/html", size, "0".repeat(64)))),
                    new TreeMap<>(),
                    false);
        }

        @Override
        public Revision revision() {
            return new Revision(Instant.EPOCH, "0123456789abcdef");
        }

        @Override
        public SortedMap<String, URI> artifactUris() {
            return new TreeMap<>();
        }

        @Override
        public InputStream open(String artifactName) {
            return new InputStream() {
                private long at;

                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0];
                }

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    read.incrementAndGet();
                    try {
                        open.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        throw new IOException(e);
                    }
                    if (at >= breaksAt) {
                        throw new IOException("the line is dead");
                    }
                    int count = (int) Math.min(length, size - at);
                    at += count;
                    return count == 0 && length > 0 ? -1 : count;
                }

                @Override
                public void close() {
                    closed.incrementAndGet();
                }
            };
        }

        @Override
        public byte[] read(String artifactName) {
            throw new UnsupportedOperationException();
        }
    }

    private static Served serving(StoredStep step, ReadLimits limits) throws IOException {
        StubStepStore store = new StubStepStore() {
            @Override
            public Optional<StoredStep> load(String sessionId, String stepId) {
                return Optional.of(step);
            }
        };
        return Served.start(store, ReadServerOptions.onLoopback(0).withLimits(limits));
    }

    private static MadeUpStep step(long size) {
        return new MadeUpStep(size, Long.MAX_VALUE, new CountDownLatch(0));
    }

    @Test
    void streamsWhatWouldNotFitIntoMemory() throws IOException {
        long size = 3L << 30;
        try (Served served = serving(step(size), ReadLimits.defaults())) {
            long[] counted = new long[1];
            HttpResponse<Void> response = served.send(
                    served.request(PAGE).build(),
                    HttpResponse.BodyHandlers.ofByteArrayConsumer(bytes ->
                            counted[0] += bytes.map(chunk -> chunk.length).orElse(0)));

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(counted[0])
                    .isEqualTo(size)
                    .isGreaterThan(Runtime.getRuntime().maxMemory());
        }
    }

    @Test
    void breaksOffWhatTheStoreBreaksOff() throws IOException {
        MadeUpStep step = new MadeUpStep(10 << 20, 5 << 20, new CountDownLatch(0));
        try (Served served = serving(step, ReadLimits.defaults())) {
            assertThatIOException().isThrownBy(() -> served.get(PAGE));

            String raw = served.raw("GET " + PAGE + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(raw).contains("Content-Length: 10485760");
            assertThat(raw.length()).isLessThan(10 << 20);
            assertThat(step.closed).hasValue(2);
        }
    }

    @Test
    void isAProblemIfTheStoreBreaksOffAtOnce() throws IOException {
        try (Served served = serving(new MadeUpStep(10 << 20, 0, new CountDownLatch(0)), ReadLimits.defaults())) {
            assertThat(served.get(PAGE).statusCode()).isEqualTo(503);
        }
    }

    @Test
    void letsGoOfAStepWhoseReaderHangsUp() throws IOException {
        MadeUpStep step = step(1L << 40);
        try (Served served = serving(step, ReadLimits.defaults())) {
            try (Socket socket = ask(served)) {
                assertThat(socket.getInputStream().readNBytes(1_000_000)).hasSize(1_000_000);
            }

            await().until(() -> step.closed.get() == 1);
        }
    }

    @Test
    void letsGoOfAReaderWhoStandsStill() throws IOException {
        MadeUpStep step = step(1L << 40);
        try (Served served = serving(step, SMALL);
                Socket socket = ask(served)) {
            await().until(() -> step.closed.get() == 1);

            assertThat(socket.isClosed()).isFalse();
        }
    }

    @Test
    void letsGoOfAReaderWhoCreeps() throws Exception {
        MadeUpStep step = step(1L << 30);
        // At a gigabyte a second this one has two seconds; the reader takes a little all the time.
        ReadLimits hasty = new ReadLimits(2, 1, Duration.ofMillis(500), Duration.ofMillis(100), 1 << 30);
        try (Served served = serving(step, hasty);
                Socket socket = ask(served)) {
            await().pollInterval(Duration.ofMillis(50)).until(() -> {
                assertThat(socket.getInputStream().readNBytes(100_000)).isNotEmpty();
                return step.closed.get() == 1;
            });
        }
    }

    private static Socket ask(Served served) throws IOException {
        Socket socket = new Socket(served.uri().getHost(), served.uri().getPort());
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write(("GET " + PAGE + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    @Test
    void waitsForAStoreThatTakesLongerThanAConnectionMayStandStill() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        try (Served served = serving(new MadeUpStep(3, Long.MAX_VALUE, open), SMALL)) {
            CompletableFuture<HttpResponse<byte[]>> answer = later(served);
            await().during(SMALL.idleTimeout().multipliedBy(2)).until(() -> !answer.isDone());
            open.countDown();

            assertThat(answer.get().body()).hasSize(3);
        }
    }

    private static CompletableFuture<HttpResponse<byte[]>> later(Served served) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return served.get(PAGE);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
    }

    @Test
    void turnsAwayWhomItCannotServeSoon() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        AtomicInteger loading = new AtomicInteger();
        MadeUpStep step = new MadeUpStep(3, Long.MAX_VALUE, open);
        StubStepStore store = new StubStepStore() {
            @Override
            public Optional<StoredStep> load(String sessionId, String stepId) {
                loading.incrementAndGet();
                return Optional.of(step);
            }
        };
        try (Served served = Served.start(store, ReadServerOptions.onLoopback(0).withLimits(SMALL))) {
            CompletableFuture<HttpResponse<byte[]>> one = later(served);
            CompletableFuture<HttpResponse<byte[]>> two = later(served);
            await().until(() -> loading.get() == 2);

            HttpResponse<byte[]> refused = served.get("/api/v1/status");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
            assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            open.countDown();
            assertThat(one.get().statusCode()).isEqualTo(200);
            assertThat(two.get().statusCode()).isEqualTo(200);
            assertThat(served.get("/api/v1/status").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void closesConnectionsThatSayNothing() throws IOException {
        try (Served served = serving(step(1), SMALL);
                Socket socket = new Socket(served.uri().getHost(), served.uri().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("GET /api".getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .doesNotContain(" 200 ");
        }
    }

    @Test
    void stopsWhileItIsAnswering() throws Exception {
        MadeUpStep step = new MadeUpStep(3, Long.MAX_VALUE, new CountDownLatch(1));
        CompletableFuture<HttpResponse<byte[]>> stuck;
        try (Served served = serving(step, ReadLimits.defaults())) {
            stuck = later(served);
            await().until(() -> step.read.get() == 1);
            assertThat(stuck).isNotDone();
        }

        await().until(stuck::isDone);
    }
}

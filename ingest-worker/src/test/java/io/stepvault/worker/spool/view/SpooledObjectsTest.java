package io.stepvault.worker.spool.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.capture.ArtifactName;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.FallbackStepStore;
import io.stepvault.storage.ObjectStepStore;
import io.stepvault.storage.PageRequest;
import io.stepvault.storage.SessionEntry;
import io.stepvault.storage.StepEntry;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoreOptions;
import io.stepvault.storage.StoreOutcome;
import io.stepvault.storage.StoredStep;
import io.stepvault.storage.memory.InMemoryObjectStore;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.storage.retry.RetryOptions;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.worker.Captures;
import io.stepvault.worker.ManualThread;
import io.stepvault.worker.flow.SourceRecord;
import io.stepvault.worker.spool.SpoolDisk.Written;
import io.stepvault.worker.spool.SpoolEntry;
import io.stepvault.worker.spool.SpooledBatch;
import io.stepvault.worker.spool.SpooledBatches;
import io.stepvault.worker.spool.SpooledCapture;
import io.stepvault.worker.spool.file.SpoolContents;
import io.stepvault.worker.spool.file.SpoolDirectory;
import io.stepvault.worker.spool.file.SpoolFiles;
import io.stepvault.worker.spool.file.SpoolLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpooledObjectsTest {
    private static final PageRequest ALL = PageRequest.first(100);

    private final ManualThread time = new ManualThread();
    private final StoreOptions options = StoreOptions.defaults()
            .withClock(time.clock())
            .withRetry(RetryOptions.defaults().withMaxAttempts(1));
    private final List<AutoCloseable> opened = new ArrayList<>();

    @TempDir
    private Path root = Path.of("");

    private Optional<SpoolFiles> files = Optional.empty();

    @BeforeEach
    void open() throws IOException {
        SpoolDirectory directory = opened(SpoolDirectory.open(root));
        files = Optional.of(opened(new SpoolFiles(
                directory,
                SpoolContents.read(directory, time.clock()),
                new SpoolLimits(1L << 30, 0, 1_000),
                () -> 1L << 40,
                time.clock())));
    }

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        opened.add(closeable);
        return closeable;
    }

    private SpoolFiles files() {
        return files.orElseThrow();
    }

    private StepStore store() {
        return opened(SpooledObjects.openStore(root, options));
    }

    private SpoolEntry spool(StepCapture... captures) {
        List<SpooledCapture> spooled = Arrays.stream(captures)
                .map(capture -> new SpooledCapture(
                        List.of((long) capture.getStepId().hashCode() & 0xFFFF),
                        new SourceRecord(
                                capture.getSessionId().getBytes(StandardCharsets.UTF_8),
                                SingleObjectCodec.stepCaptures().encode(capture),
                                List.of(),
                                0)))
                .toList();
        return spool(new SpooledBatch(SpooledBatches.ORIGIN, captures[0].getSessionId(), spooled));
    }

    private SpoolEntry spool(SpooledBatch batch) {
        return ((Written.Durably) files().write(List.of(batch)).join())
                .entries()
                .get(0);
    }

    private static StepCapture aStep(String session, String step, int second) {
        return Captures.aStep(session, step)
                .setCapturedAt(Captures.CAPTURED_AT.plusSeconds(second))
                .setScreenshot(Captures.screenshot(1_000 + second))
                .build();
    }

    @Test
    void showsWhatWaits() {
        StepCapture first = aStep("one", "a", 0);
        StepCapture second = aStep("one", "b", 1);
        StepCapture other = aStep("two", "a", 2);
        spool(first, second);
        spool(other);

        StepStore store = store();

        assertThat(store.sessions(ALL).items())
                .extracting(SessionEntry::sessionId)
                .containsExactly("one", "two");
        assertThat(store.steps("one", ALL).items())
                .extracting(StepEntry::stepId)
                .containsExactly("a", "b");
        StoredStep step = store.load("one", "b").orElseThrow();
        assertThat(step.record().capturedAt()).isEqualTo(second.getCapturedAt());
        assertThat(step.read(ArtifactName.SCREENSHOT))
                .isEqualTo(Captures.screenshot(1_001).getData().array());
        assertThat(step.artifactUris().values())
                .allSatisfy(uri -> assertThat(uri.toString())
                        .startsWith(SpoolDirectory.queueOf(root).toUri().toString()));
        assertThat(store.load("one", "c")).isEmpty();
        assertThat(store.load("none", "a")).isEmpty();
    }

    @Test
    void seesWhatComesAndGoes() {
        StepStore store = store();
        assertThat(store.sessions(ALL).items()).isEmpty();

        SpoolEntry entry = spool(aStep("one", "a", 0));
        time.pass(Duration.ofSeconds(1));
        assertThat(store.steps("one", ALL).items()).hasSize(1);

        files().delete(entry.file()).join();
        time.pass(Duration.ofSeconds(1));
        assertThat(store.steps("one", ALL).items()).isEmpty();
        assertThat(store.sessions(ALL).items()).isEmpty();
    }

    @Test
    void theSameCaptureMayWaitTwice() {
        StepCapture capture = aStep("one", "a", 0);
        SpoolEntry entry = spool(capture);
        spool(capture);
        StepStore store = store();
        assertThat(store.steps("one", ALL).items()).hasSize(1);

        files().delete(entry.file()).join();
        time.pass(Duration.ofSeconds(1));

        assertThat(store.load("one", "a")).isPresent();
        assertThat(store.sessions(ALL).items()).hasSize(1);
    }

    @Test
    void whatIsDrainedBetweenTwoLooksIsNotFound() {
        SpoolEntry entry = spool(aStep("one", "a", 0));
        StepStore store = store();
        StoredStep step = store.load("one", "a").orElseThrow();

        files().delete(entry.file()).join();

        assertThatThrownBy(() -> step.read(ArtifactName.HTML)).isInstanceOf(ObjectNotFoundException.class);
        assertThat(store.load("one", "a")).isEmpty();
    }

    @Test
    void asSecondStoreItShowsWhatTheFirstDoesNotHaveYet() {
        InMemoryObjectStore bucket = new InMemoryObjectStore();
        ObjectStepStore first = new ObjectStepStore(bucket, "", options);
        StepStore both = opened(new FallbackStepStore(first, SpooledObjects.openStore(root, options)));
        first.store(List.of(aStep("one", "a", 0)));
        SpoolEntry entry = spool(aStep("one", "a", 5), aStep("one", "b", 1), aStep("two", "a", 2));

        assertThat(both.load("one", "a").orElseThrow().record().capturedAt())
                .isEqualTo(Captures.CAPTURED_AT.plusSeconds(5));
        assertThat(both.steps("one", ALL).items()).extracting(StepEntry::stepId).containsExactly("b", "a");
        assertThat(both.sessions(ALL).items())
                .extracting(SessionEntry::sessionId)
                .containsExactly("one", "two");

        first.store(List.of(aStep("one", "a", 5), aStep("one", "b", 1), aStep("two", "a", 2)));
        files().delete(entry.file()).join();

        assertThat(both.load("two", "a")).isPresent();
        assertThat(both.steps("one", ALL).items()).extracting(StepEntry::stepId).containsExactly("b", "a");
    }

    @Test
    void neitherStoresNorDeletes() {
        StepStore store = store();

        assertThat(store.store(List.of(aStep("one", "a", 0))).get(0)).isInstanceOf(StoreOutcome.Failed.class);
        assertThat(store.probe().join()).containsInstanceOf(StoreAccessException.class);
        assertThatThrownBy(() -> store.deleteSession("one")).isInstanceOf(StoreAccessException.class);
        assertThat(root.resolve("queue")).isEmptyDirectory();
    }

    @Test
    void passesOverWhatCannotBeReadOrDecoded() throws IOException {
        spool(SpooledBatches.aBatch("noise", 1, 2));
        SpoolEntry damaged = spool(aStep("damaged", "a", 0));
        spool(aStep("one", "a", 0));
        Path file = SpoolDirectory.queueOf(root).resolve(damaged.file());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 40] ^= 1;
        Files.write(file, bytes);

        assertThat(store().sessions(ALL).items())
                .extracting(SessionEntry::sessionId)
                .containsExactly("one");
    }

    @Test
    void aDirectoryThatIsGoneIsAnOutageThatSaysSo() throws Exception {
        StepStore store = store();
        close();
        opened.clear();
        Files.delete(SpoolDirectory.queueOf(root));

        assertThatThrownBy(() -> store.sessions(ALL))
                .isInstanceOf(TransientStoreException.class)
                .hasMessageContaining("spool directory");
    }
}

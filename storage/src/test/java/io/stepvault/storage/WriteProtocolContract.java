package io.stepvault.storage;

import static io.stepvault.storage.Captures.NOON;
import static io.stepvault.storage.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.event.StepCapture;
import io.stepvault.storage.object.FaultyObjectStore;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.retry.RetryOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Invariants 2 and 4 over any object store: content is never overwritten with other content, and no step is seen half. */
abstract class WriteProtocolContract {
    private static final StepCapture CAPTURE = aStep().html("<p>")
            .screenshot("image/png", new byte[] {1, 2, 3})
            .attachment("log", new byte[100_000])
            .build();
    // Day marker, three artifacts, commit record.
    private static final int PUTS = 5;

    /** An empty store; closed by whoever opened it. */
    abstract ObjectStore objects();

    /** What all keys begin with. */
    String prefix() {
        return "";
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void showsNothingOfAStepWhosePutFailsAndAllOfItWhenItIsStoredAgain(int failing) {
        for (Function<String, StoreException> failure :
                List.<Function<String, StoreException>>of(FaultyObjectStore::refused, FaultyObjectStore::denied)) {
            FaultyObjectStore faulty = new FaultyObjectStore(objects(), FaultyObjectStore.onPut(failing, failure));
            StepStore store = open(faulty, 4);

            List<StoreOutcome> outcomes = store.store(List.of(CAPTURE));

            assertThat(outcomes).singleElement().isInstanceOfSatisfying(StoreOutcome.Failed.class, failed -> {
                assertThat(failed.cause()).hasSameClassAs(failure.apply("x"));
                assertThat(failed.cause().key()).isEqualTo(faulty.puts().get(failing));
            });
            assertThat(store.load("session", "step")).isEmpty();
            assertThat(store.steps("session", PageRequest.first(1)).items()).isEmpty();
            assertThat(store.revisions("session", "step", PageRequest.first(1)).items())
                    .isEmpty();
        }

        StepStore healthy = open(objects(), 1);
        assertThat(healthy.store(List.of(CAPTURE))).singleElement().isInstanceOf(StoreOutcome.Stored.class);
        assertThat(healthy.load("session", "step").orElseThrow().read("screenshot"))
                .containsExactly(1, 2, 3);
    }

    @Test
    void writesTheCommitRecordLastAndTheDayMarkerFirst() {
        FaultyObjectStore recording = healthy();

        open(recording, 1).store(List.of(CAPTURE));

        assertThat(recording.puts()).hasSize(PUTS);
        assertThat(recording.puts().get(0)).isEqualTo(key("days/2026-11-20/session"));
        assertThat(recording.puts().get(PUTS - 1)).endsWith("/step.json");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void triesAgainWhatFailsForTheMoment(int failing) {
        FaultyObjectStore flaky =
                new FaultyObjectStore(objects(), FaultyObjectStore.onPut(failing, FaultyObjectStore::unavailable));

        List<StoreOutcome> outcomes = open(flaky, 2).store(List.of(CAPTURE));

        assertThat(outcomes).singleElement().isInstanceOf(StoreOutcome.Stored.class);
        assertThat(flaky.puts()).hasSize(PUTS + 1);
    }

    @Test
    void triesNothingElseAgain() {
        FaultyObjectStore refusing =
                new FaultyObjectStore(objects(), FaultyObjectStore.onPut(0, FaultyObjectStore::refused));

        open(refusing, 4).store(List.of(CAPTURE));

        assertThat(refusing.puts()).hasSize(1);
    }

    @Test
    void failsOnlyTheStepWhoseObjectIsRefused() {
        FaultyObjectStore refusing = new FaultyObjectStore(
                objects(),
                (number, key) ->
                        key.contains("/attachments/") ? Optional.of(FaultyObjectStore.refused(key)) : Optional.empty());

        List<StoreOutcome> outcomes = open(refusing, 4)
                .store(List.of(
                        aStep().called("1").build(),
                        CAPTURE,
                        aStep().called("3").build()));

        assertThat(outcomes)
                .extracting(outcome -> outcome.getClass().getSimpleName())
                .containsExactly("Stored", "Failed", "Stored");
    }

    @Test
    void holdsAStepRatherThanGivingItUpWhenTheStoreFailsToo() {
        FaultyObjectStore both = new FaultyObjectStore(
                objects(),
                (number, key) -> Optional.of(
                                key.endsWith("page.html")
                                        ? FaultyObjectStore.denied(key)
                                        : FaultyObjectStore.refused(key))
                        .filter(failure -> key.contains("/sessions/") || key.startsWith("sessions/")));

        assertThat(open(both, 1).store(List.of(CAPTURE)))
                .singleElement()
                .isInstanceOfSatisfying(
                        StoreOutcome.Failed.class,
                        failed -> assertThat(failed.cause().isOutage()).isTrue());
    }

    @Test
    void writesTheSameKeysWithTheSameContentAgain() throws IOException {
        open(objects(), 1).store(List.of(CAPTURE));
        List<String> keys = keys();
        byte[] commit = bytes(keys.get(keys.size() - 1));

        open(objects(), 1).store(List.of(CAPTURE, CAPTURE));

        assertThat(keys()).isEqualTo(keys);
        assertThat(bytes(keys.get(keys.size() - 1))).isEqualTo(commit);
    }

    @Test
    void noticesAnArtifactThatWasChanged() throws IOException {
        StepStore store = open(objects(), 1);
        store.store(List.of(CAPTURE));
        String page = keys().stream()
                .filter(key -> key.endsWith("page.html"))
                .findFirst()
                .orElseThrow();

        for (String forged : List.of("<b>", "<", "<p>and more", "")) {
            put(page, forged);
            StoredStep step = store.load("session", "step").orElseThrow();
            assertThatThrownBy(() -> step.read("html"))
                    .isInstanceOf(ObjectCorruptException.class)
                    .hasMessageContaining("page.html");
            assertThatThrownBy(() -> step.open("html").readAllBytes())
                    .isInstanceOf(IOException.class)
                    .hasCauseInstanceOf(ObjectCorruptException.class);
        }
    }

    @Test
    void noticesACommitRecordThatDoesNotProveItsKey() {
        StepStore store = open(objects(), 1);
        store.store(List.of(CAPTURE));
        String commit = keys().get(keys().size() - 1);

        for (String forged : List.of(
                "{}",
                "",
                "not JSON",
                "{\"session_id\":\"session\",\"step_id\":\"step\","
                        + "\"captured_at\":\"2026-11-20T12:00:00.123456Z\"}")) {
            put(commit, forged);
            assertThatThrownBy(() -> store.load("session", "step"))
                    .isInstanceOf(ObjectCorruptException.class)
                    .hasMessageContaining(commit);
        }
    }

    @Test
    void passesOverForeignObjects() {
        put(key("days/2026-11-20/%zz"), "");
        put(key("days/not-a-day/session"), "");
        put(key("sessions/session/steps/step/not-a-revision/step.json"), "{}");
        put(key("sessions/session/steps/%2f/20261120T120000.123456Z-0123456789abcdef/step.json"), "{}");
        put(key("sessions/session/steps/README"), "");
        StepStore store = open(objects(), 1);
        store.store(List.of(CAPTURE));

        assertThat(store.sessions(PageRequest.first(10)).items()).hasSize(1);
        assertThat(store.steps("session", PageRequest.first(10)).items()).hasSize(1);
        assertThat(store.load("session", "step")).isPresent();
    }

    private FaultyObjectStore healthy() {
        return new FaultyObjectStore(objects(), (number, key) -> Optional.empty());
    }

    private StepStore open(ObjectStore store, int attempts) {
        StoreOptions options = StoreOptions.defaults()
                .withClock(Clock.fixed(NOON.plusSeconds(60), ZoneOffset.UTC))
                .withExecutor(Runnable::run)
                .withRetry(RetryOptions.defaults()
                        .withMaxAttempts(attempts)
                        .withIntervals(Duration.ofMillis(1), Duration.ofMillis(2)));
        return new ObjectStepStore(
                store, prefix().isEmpty() ? "" : prefix().substring(0, prefix().length() - 1), options);
    }

    private String key(String name) {
        return prefix() + name;
    }

    private void put(String key, String text) {
        objects()
                .put(new PutRequest(
                        key, "text/plain", ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), Map.of()))
                .join();
    }

    private List<String> keys() {
        return objects().list(ListRequest.of(key("sessions/"))).objects().stream()
                .map(ObjectInfo::key)
                .toList();
    }

    private byte[] bytes(String key) throws IOException {
        try (var in = objects().get(key)) {
            return in.readAllBytes();
        }
    }
}

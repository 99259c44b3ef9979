package io.stepvault.storage;

import static io.stepvault.storage.Captures.NOON;
import static io.stepvault.storage.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.capture.CommitRecord;
import io.stepvault.capture.Revision;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.object.ByteRange;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.ObjectRefusedException;
import io.stepvault.storage.object.TransientStoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every step store does. */
abstract class StepStoreContract extends StepReadingContract {
    @Test
    void givesBackWhatWasStored() throws IOException {
        byte[] picture = random(3_500_000);
        StepCapture capture = aStep().html("<p>é</p>")
                .screenshot("image/png", picture)
                .action("{ \"click\" :\t[1, 2.0] }")
                .attachment("a/../b", random(10))
                .attachment("empty", new byte[0])
                .build();

        StoreOutcome.Stored stored = stored(capture);
        StoredStep step = store().load("session", "step").orElseThrow();

        assertThat(step.record()).isEqualTo(CommitRecord.of(capture)).isEqualTo(stored.record());
        assertThat(step.revision()).isEqualTo(stored.revision());
        assertThat(step.artifactUris()).isEqualTo(stored.artifactUris());
        assertThat(step.artifactUris().keySet())
                .containsExactly("attachments/a/../b", "attachments/empty", "html", "screenshot");
        assertThat(step.read("html")).asString(StandardCharsets.UTF_8).isEqualTo("<p>é</p>");
        assertThat(step.read("screenshot")).isEqualTo(picture);
        assertThat(step.read("attachments/empty")).isEmpty();
        assertThat(step.read("attachments/a/../b")).isEqualTo(random(10));
        try (InputStream in = step.open("screenshot")) {
            assertThat(in.readAllBytes()).isEqualTo(picture);
        }
    }

    @Test
    void givesBackLargeTexts() throws IOException {
        String page = "<p>é and more\n".repeat(100_000);
        StoreOutcome.Stored stored = stored(aStep().html(page)
                .attachment("random", random(5_000))
                .attachment("text", page.getBytes(StandardCharsets.UTF_8))
                .build());

        StoredStep step = store().load("session", "step").orElseThrow();

        assertThat(step.artifactUris()).isEqualTo(stored.artifactUris());
        assertThat(step.read("html")).asString(StandardCharsets.UTF_8).isEqualTo(page);
        assertThat(step.read("attachments/random")).isEqualTo(random(5_000));
        try (InputStream in = step.open("attachments/text")) {
            assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo(page);
        }
        try (InputStream in = step.open("html", new ByteRange(1_000_000, 7))) {
            assertThat(in.readAllBytes())
                    .isEqualTo(Arrays.copyOfRange(page.getBytes(StandardCharsets.UTF_8), 1_000_000, 1_000_007));
        }
    }

    @Test
    void storesAStepWithoutArtifacts() {
        stored(aStep().build());

        StoredStep step = store().load("session", "step").orElseThrow();
        assertThat(step.artifactUris()).isEmpty();
        assertThatThrownBy(() -> step.read("html")).isInstanceOf(ObjectNotFoundException.class);
        assertThatThrownBy(() -> step.open("attachments/x")).isInstanceOf(ObjectNotFoundException.class);
    }

    @Test
    void storesTheSameCaptureOnce() {
        StepCapture capture = aStep().html("x").build();

        Revision once = stored(capture).revision();
        Revision again = stored(capture).revision();

        assertThat(again).isEqualTo(once);
        assertThat(store().revisions("session", "step", PageRequest.first(10)).items())
                .containsExactly(once);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void latestWinsWhateverTheOrder(long seed) {
        List<StepCapture> captures = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            captures.add(aStep().at(NOON.plusSeconds(i)).html("at " + i).build());
            captures.add(aStep().at(NOON.plusSeconds(i)).html("also at " + i).build());
        }
        Revision latest = captures.stream()
                .map(capture -> CommitRecord.of(capture).revision())
                .max(Revision::compareTo)
                .orElseThrow();
        Collections.shuffle(captures, new Random(seed));

        captures.forEach(this::stored);

        assertThat(store().load("session", "step").orElseThrow().revision()).isEqualTo(latest);
        assertThat(store().steps("session", PageRequest.first(10)).items())
                .containsExactly(new StepEntry("session", "step", latest));
        List<Revision> revisions = all(page -> store().revisions("session", "step", page), 3);
        assertThat(revisions).hasSize(10).isSorted().last().isEqualTo(latest);
        assertThat(store().load("session", "step", revisions.get(0))
                        .orElseThrow()
                        .revision())
                .isEqualTo(revisions.get(0));
    }

    @Test
    void saysThatSomethingIsMissing() {
        stored(aStep().build());
        Revision other = new Revision(NOON, "0123456789abcdef");

        assertThat(store().load("session", "other")).isEmpty();
        assertThat(store().load("other", "step")).isEmpty();
        assertThat(store().load("session", "step", other)).isEmpty();
        assertThat(store().steps("other", PageRequest.first(10)).items()).isEmpty();
        assertThat(store().revisions("session", "ste", PageRequest.first(10)).items())
                .isEmpty();
    }

    static List<String> hostileIds() {
        return List.of(
                "../../etc/passwd",
                ".",
                "..",
                "/",
                "a\0b",
                "\uD83D\uDE00",
                "%2F",
                "a b+c?d#e&f=g",
                "CON",
                "\n\r",
                "é".repeat(40),
                "x".repeat(240),
                "-".repeat(240),
                "~");
    }

    @ParameterizedTest
    @MethodSource("hostileIds")
    void takesHostileIds(String id) {
        stored(aStep().inSession(id).called(id).attachment(id, random(7)).build());

        assertThat(store().load(id, id).orElseThrow().read("attachments/" + id)).isEqualTo(random(7));
        assertThat(store().steps(id, PageRequest.first(9)).items())
                .extracting(StepEntry::stepId)
                .containsExactly(id);
        assertThat(store().sessions(PageRequest.first(9)).items())
                .extracting(SessionEntry::sessionId)
                .containsExactly(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html\r\nx-amz-acl: public-read", "", " ", "é", "a\0", "no media type at all"})
    void takesHostileContentTypes(String contentType) {
        StepCapture capture = aStep().screenshot(contentType, random(5)).build();
        stored(capture);

        StoredStep step = store().load("session", "step").orElseThrow();
        assertThat(step.read("screenshot")).isEqualTo(random(5));
        assertThat(step.record()).isEqualTo(CommitRecord.of(capture));
    }

    @Test
    void saysWhichStepOfABatchCannotBeStored() {
        List<StoreOutcome> outcomes = store().store(List.of(
                aStep().called("one").build(),
                aStep().called("x".repeat(241)).build(),
                aStep().called("\uD800").build(),
                aStep().called("").build(),
                aStep().called("two").build()));

        assertThat(outcomes).hasSize(5);
        assertThat(outcomes.get(0)).isInstanceOf(StoreOutcome.Stored.class);
        assertThat(outcomes.subList(1, 4))
                .allSatisfy(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(
                                StoreOutcome.Failed.class,
                                failed -> assertThat(failed.cause()).isInstanceOf(ObjectRefusedException.class)));
        assertThat(outcomes.get(4))
                .isInstanceOfSatisfying(
                        StoreOutcome.Stored.class,
                        stored -> assertThat(stored.record().stepId()).isEqualTo("two"));
    }

    @Test
    void refusesIdsThatNoStepCanHave() {
        assertThatThrownBy(() -> store().load("", "step")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store().steps("x".repeat(241), PageRequest.first(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void storesAnEmptyBatch() {
        assertThat(store().store(List.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void listsSessionsByDayNewestFirst(int limit) {
        List<SessionEntry> expected = new ArrayList<>();
        for (String day : List.of("2026-11-20", "2026-11-19", "2025-02-28", "1970-01-01")) {
            for (String session : List.of("a", "a-b", "b c", "z")) {
                expected.add(new SessionEntry(LocalDate.parse(day), session));
            }
        }
        expected.sort(null);
        store().store(expected.stream()
                .map(entry -> aStep().inSession(entry.sessionId())
                        .at(entry.day().atStartOfDay(ZoneOffset.UTC).toInstant())
                        .build())
                .toList());

        List<SessionEntry> listed = all(page -> store().sessions(page), limit);

        assertThat(listed).containsExactlyElementsOf(expected);
        assertThat(listed).extracting(SessionEntry::day).isSortedAccordingTo(Collections.reverseOrder());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 1000})
    void listsStepsByCaptureTime(int limit) {
        List<String> ids = List.of("z", "a", "a-b", "a/b", "m", "b");
        List<StepCapture> captures = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            captures.add(aStep().called(ids.get(i)).at(NOON.plusMillis(i)).build());
            captures.add(aStep().called(ids.get(i))
                    .at(NOON.minus(Duration.ofDays(i)))
                    .html("earlier")
                    .build());
        }
        store().store(captures);
        stored(aStep().inSession("sessio").called("other").build());
        stored(aStep().inSession("session-2").called("other").build());

        List<StepEntry> listed = all(page -> store().steps("session", page), limit);

        assertThat(listed).extracting(StepEntry::stepId).containsExactlyElementsOf(ids);
    }

    @Test
    void endsAPageThatIsJustFullWithoutAToken() {
        store().store(List.of(aStep().called("1").build(), aStep().called("2").build()));

        assertThat(store().steps("session", PageRequest.first(2)).nextToken()).isEmpty();
        assertThat(store().steps("session", PageRequest.first(1)).nextToken()).isPresent();
        assertThat(store().sessions(PageRequest.first(1)).nextToken()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "%%%", "MS9zZXNzaW9ucw", "MS9zZXNzaW9ucy8yMDI2LTk5LTk5L2E", "MS8"})
    void refusesATokenThatIsNotItsOwn(String token) {
        assertThatThrownBy(() -> store().sessions(PageRequest.after(token, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("token");
        assertThatThrownBy(() -> store().steps("session", PageRequest.after(token, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("token");
        assertThatThrownBy(() -> store().revisions("session", "step", PageRequest.after(token, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("token");
    }

    @Test
    void refusesATokenOfAnotherSession() {
        store().store(List.of(aStep().called("1").build(), aStep().called("2").build()));
        String token =
                store().steps("session", PageRequest.first(1)).nextToken().orElseThrow();

        assertThatThrownBy(() -> store().steps("other", PageRequest.after(token, 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void storesManyBatchesAtOnce() {
        List<CompletableFuture<List<StoreOutcome>>> batches = IntStream.range(0, 8)
                .mapToObj(batch -> store().storeAsync(IntStream.range(0, 12)
                        .mapToObj(step -> new StepToStore(aStep().inSession("session-" + batch % 4)
                                .called("step-" + step)
                                .html(batch % 4 + " " + step)
                                .attachment("log", random(step))
                                .build()))
                        .toList()))
                .toList();

        assertThat(batches)
                .allSatisfy(
                        batch -> assertThat(batch.join()).hasSize(12).allMatch(StoreOutcome.Stored.class::isInstance));
        for (int session = 0; session < 4; session++) {
            assertThat(store().steps("session-" + session, PageRequest.first(100))
                            .items())
                    .hasSize(12);
        }
        assertThat(store().load("session-3", "step-11").orElseThrow().read("attachments/log"))
                .isEqualTo(random(11));
    }

    @Test
    void keepsTheInterruptFlag() {
        try {
            Thread.currentThread().interrupt();
            try {
                store().store(List.of(aStep().build()));
            } catch (TransientStoreException e) {
                assertThat(e).hasMessageContaining("interrupted");
            }
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            boolean cleared = Thread.interrupted();
            assertThat(cleared).isTrue();
        }
        stored(aStep().build());
    }

    @Test
    void takesAProbe() {
        assertThat(store().probe().join()).isEmpty();
        assertThat(store().sessions(PageRequest.first(1)).items()).isEmpty();
    }

    @Test
    void failsWhatComesAfterClosing() {
        store().close();
        store().close();

        assertThat(store().store(List.of(aStep().build())))
                .singleElement()
                .isInstanceOfSatisfying(
                        StoreOutcome.Failed.class,
                        failed -> assertThat(failed.cause())
                                .isInstanceOf(TransientStoreException.class)
                                .hasMessageContaining("closed"));
        assertThat(store().probe().join()).isPresent();
    }
}

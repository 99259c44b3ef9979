package io.stepvault.storage;

import static io.stepvault.storage.Captures.NOON;
import static io.stepvault.storage.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.capture.Revision;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.object.ByteRange;
import io.stepvault.storage.object.ObjectNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What readers find in every step store. */
abstract class StepReadingContract {
    private static final LocalDate TODAY = LocalDate.ofInstant(NOON, ZoneOffset.UTC);

    /** An empty store; closed by whoever opened it. */
    abstract StepStore store();

    static List<SessionFilter> filters() {
        return List.of(
                SessionFilter.ALL,
                SessionFilter.byId("a"),
                SessionFilter.byId("a-"),
                SessionFilter.byId("a b"),
                SessionFilter.byId("nothing"),
                SessionFilter.byId("é"),
                SessionFilter.ALL.since(TODAY.minusDays(2)),
                SessionFilter.ALL.until(TODAY.minusDays(2)),
                SessionFilter.ALL.since(TODAY.minusDays(3)).until(TODAY.minusDays(1)),
                SessionFilter.ALL.since(TODAY).until(TODAY),
                SessionFilter.ALL.since(TODAY).until(TODAY.minusDays(1)),
                SessionFilter.ALL.since(LocalDate.MIN).until(LocalDate.MAX),
                SessionFilter.byId("a").since(TODAY.minusDays(3)).until(TODAY.minusDays(3)));
    }

    @ParameterizedTest
    @MethodSource("filters")
    void findsSessionsByIdAndDay(SessionFilter filter) {
        List<SessionEntry> all = new ArrayList<>();
        for (int day = 0; day < 5; day++) {
            for (String session : List.of("a", "a-b", "a b", "b", "é", "éa")) {
                if ((day + session.length()) % 3 != 0) {
                    all.add(new SessionEntry(TODAY.minusDays(day), session));
                }
            }
        }
        all.sort(null);
        store().store(all.stream()
                .map(entry -> aStep().inSession(entry.sessionId())
                        .at(entry.day().atTime(23, 59).toInstant(ZoneOffset.UTC))
                        .build())
                .toList());
        List<SessionEntry> expected = all.stream()
                .filter(entry -> entry.sessionId().startsWith(filter.idPrefix()))
                .filter(entry -> filter.from().isEmpty()
                        || !entry.day().isBefore(filter.from().get()))
                .filter(entry -> filter.to().isEmpty()
                        || !entry.day().isAfter(filter.to().get()))
                .toList();

        for (int limit : List.of(1, 2, 5, 1_000, PageRequest.MAX_LIMIT)) {
            assertThat(all(page -> store().sessions(filter, page), limit)).isEqualTo(expected);
        }
    }

    @Test
    void listsEachSessionOnceByItsId() {
        List<String> ids = List.of("a", "a-b", "a b", "a/b", "b", "é", "x".repeat(240), "~");
        for (String id : ids) {
            stored(aStep().inSession(id).build());
            stored(aStep().inSession(id)
                    .called("other")
                    .at(NOON.minus(Duration.ofDays(3)))
                    .build());
        }
        stored(aStep().inSession("a-deleted").build());
        store().deleteSession("a-deleted");
        List<String> sorted = ids.stream().sorted(KeyOrder.OF_IDS).toList();

        for (int limit : List.of(1, 3, 1_000)) {
            assertThat(all(page -> store().sessionIds("", page), limit)).isEqualTo(sorted);
            assertThat(all(page -> store().sessionIds("a", page), limit))
                    .isEqualTo(sorted.stream().filter(id -> id.startsWith("a")).toList());
        }
        assertThat(store().sessionIds("a b", PageRequest.first(9)).items()).containsExactly("a b");
        assertThat(store().sessionIds("nothing", PageRequest.first(9)))
                .isEqualTo(new Page<>(List.of(), Optional.empty()));
    }

    @Test
    void refusesAPrefixThatNoIdHas() {
        assertThatThrownBy(() -> store().sessionIds("x".repeat(241), PageRequest.first(1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SessionFilter.byId("\uD800")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1_000})
    void listsAllRevisionsOfASession(int limit) {
        List<StepEntry> expected = new ArrayList<>();
        for (String step : List.of("b", "a", "a-b", "a b")) {
            for (int second = 3; second > 0; second--) {
                Revision revision = stored(aStep().called(step)
                                .at(NOON.plusSeconds(second))
                                .html(step)
                                .build())
                        .revision();
                expected.add(new StepEntry("session", step, revision));
            }
        }
        stored(aStep().inSession("session-2").build());
        expected.sort(KeyOrder.OF_REVISIONS);

        assertThat(all(page -> store().revisions("session", page), limit)).isEqualTo(expected);
        assertThat(store().revisions("other", PageRequest.first(9)).items()).isEmpty();
    }

    @Test
    void refusesATokenOfAnotherListing() {
        store().store(List.of(aStep().called("1").build(), aStep().called("2").build()));
        store().store(List.of(aStep().inSession("other").build()));
        String steps = token(store().steps("session", PageRequest.first(1)));
        String revisions = token(store().revisions("session", PageRequest.first(1)));
        String ids = token(store().sessionIds("", PageRequest.first(1)));

        assertThatThrownBy(() -> store().revisions("session", PageRequest.after(steps, 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store().revisions("other", PageRequest.after(revisions, 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store().sessions(PageRequest.after(ids, 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store().sessionIds("", PageRequest.after(steps, 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void loadsManySteps() {
        List<StepAddress> addresses = new ArrayList<>();
        List<Optional<Revision>> expected = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            String session = "session-" + i % 4;
            Revision early = stored(
                            aStep().inSession(session).called("step-" + i).build())
                    .revision();
            Revision late = stored(aStep().inSession(session)
                            .called("step-" + i)
                            .at(NOON.plusSeconds(i + 1))
                            .build())
                    .revision();
            addresses.add(StepAddress.latest(session, "step-" + i));
            expected.add(Optional.of(late));
            addresses.add(new StepAddress(session, "step-" + i, Optional.of(early)));
            expected.add(Optional.of(early));
            addresses.add(StepAddress.latest(session, "no-step"));
            expected.add(Optional.empty());
            addresses.add(new StepAddress(session, "other", Optional.of(early)));
            expected.add(Optional.empty());
        }
        stored(aStep().inSession("deleted").build());
        store().deleteSession("deleted");
        addresses.add(StepAddress.latest("deleted", "step"));
        expected.add(Optional.empty());

        List<LoadOutcome> outcomes = store().loadAll(addresses);

        assertThat(outcomes)
                .extracting(outcome -> outcome instanceof LoadOutcome.Found found
                        ? Optional.of(found.step().revision())
                        : Optional.empty())
                .isEqualTo(expected);
        assertThat(outcomes).noneMatch(LoadOutcome.Failed.class::isInstance);
        assertThat(store().loadAll(List.of())).isEmpty();
    }

    @Test
    void readsRangesOfArtifacts() throws IOException {
        byte[] bytes = random(300_000);
        stored(aStep().attachment("bytes", bytes)
                .attachment("empty", new byte[0])
                .build());
        StoredStep step = store().load("session", "step").orElseThrow();

        for (ByteRange range : List.of(
                new ByteRange(0, 1),
                new ByteRange(0, 300_000),
                new ByteRange(0, 1_000_000),
                new ByteRange(123_456, 100_000),
                new ByteRange(299_999, 1),
                new ByteRange(299_000, Long.MAX_VALUE - 299_000))) {
            try (InputStream in = step.open("attachments/bytes", range)) {
                assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, (int) range.offset(), (int)
                        Math.min(300_000, range.offset() + range.length())));
                assertThat(in.read()).isEqualTo(-1);
            }
        }
        assertThatThrownBy(() -> step.open("attachments/bytes", new ByteRange(300_000, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("300000");
        assertThatThrownBy(() -> step.open("attachments/empty", new ByteRange(0, 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> step.open("html", new ByteRange(0, 1))).isInstanceOf(ObjectNotFoundException.class);
    }

    @Test
    void saysThatAnArtifactOfARangeIsGone() {
        stored(aStep().html("<p>").build());
        StoredStep step = store().load("session", "step").orElseThrow();
        store().deleteSession("session");

        assertThatThrownBy(() -> step.open("html", new ByteRange(0, 1)))
                .isInstanceOf(ObjectNotFoundException.class)
                .hasMessageContaining("expired or been deleted");
    }

    @Test
    void presignsNoUnknownArtifact() {
        stored(aStep().html("<p>").build());
        StoredStep step = store().load("session", "step").orElseThrow();

        assertThatThrownBy(() -> step.presign("screenshot", Duration.ofMinutes(1)))
                .isInstanceOf(ObjectNotFoundException.class);
    }

    @Test
    void tellsWhatIsMissingOfASession() {
        store().store(List.of(
                aStep().called("a").numbered(2).build(),
                aStep().called("a").numbered(3).at(NOON.plusSeconds(1)).build(),
                aStep().called("b").numbered(7).build(),
                aStep().called("c").numbered(7).build(),
                aStep().called("d").build()));

        assertThat(store().completeness("session"))
                .isEqualTo(new Completeness(
                        5,
                        1,
                        false,
                        OptionalLong.of(2),
                        OptionalLong.of(7),
                        List.of(new SequenceRange(0, 1), new SequenceRange(4, 6)),
                        5));

        store().store(IntStream.of(0, 1, 4, 5, 6)
                .mapToObj(number ->
                        aStep().called("late-" + number).numbered(number).build())
                .toList());
        stored(aStep().called("end").numbered(8).ending().build());

        Completeness complete = store().completeness("session");
        assertThat(complete.isComplete()).isTrue();
        assertThat(complete.captures()).isEqualTo(11);
        assertThat(store().completeness("other").captures()).isZero();
    }

    @Test
    void tellsNothingOfADeletedSession() {
        stored(aStep().numbered(3).build());
        store().deleteSession("session");

        assertThat(store().completeness("session").captures()).isZero();
        assertThat(store().revisions("session", PageRequest.first(9)).items()).isEmpty();
        assertThat(store().sessionIds("", PageRequest.first(9)).items()).isEmpty();
    }

    private static String token(Page<?> page) {
        return page.nextToken().orElseThrow();
    }

    final StoreOutcome.Stored stored(StepCapture capture) {
        StoreOutcome outcome = store().store(List.of(capture)).get(0);
        if (outcome instanceof StoreOutcome.Failed failed) {
            throw failed.cause();
        }
        return (StoreOutcome.Stored) outcome;
    }

    static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    static <T> List<T> all(Function<PageRequest, Page<T>> pages, int limit) {
        List<T> items = new ArrayList<>();
        Optional<String> token = Optional.empty();
        do {
            Page<T> page = pages.apply(new PageRequest(limit, token));
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            items.addAll(page.items());
            token = page.nextToken();
        } while (token.isPresent());
        return items;
    }
}

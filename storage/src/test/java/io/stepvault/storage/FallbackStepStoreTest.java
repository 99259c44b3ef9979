package io.stepvault.storage;

import static io.stepvault.storage.Captures.NOON;
import static io.stepvault.storage.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.capture.Revision;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.memory.Fault;
import io.stepvault.storage.memory.InMemoryObjectStore;
import io.stepvault.storage.object.FaultyObjectStore;
import io.stepvault.storage.object.StoreAccessException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FallbackStepStoreTest extends StepStoreContract {
    private static final LocalDate NOON_DAY = LocalDate.ofInstant(NOON, ZoneOffset.UTC);

    private final InMemoryObjectStore firstObjects = new InMemoryObjectStore();
    private final InMemoryObjectStore secondObjects = new InMemoryObjectStore();
    private final StepStore first = TestStores.over(firstObjects);
    private final StepStore second = TestStores.over(secondObjects);
    private final StepStore store = new FallbackStepStore(first, second);

    @Override
    StepStore store() {
        return store;
    }

    @Test
    void storesInTheSecondWhatTheFirstCannotStore() {
        firstObjects.failAlways(key -> key.contains("/two/"), Fault.DENIED);

        List<StoreOutcome> outcomes = store.store(List.of(
                aStep().called("one").build(),
                aStep().called("two").build(),
                aStep().called("three").build()));

        assertThat(outcomes).allMatch(StoreOutcome.Stored.class::isInstance);
        assertThat(second.steps("session", PageRequest.first(9)).items())
                .extracting(StepEntry::stepId)
                .containsExactly("two");
        assertThat(store.load("session", "two")).isPresent();
        assertThat(store.load("session", "one")).isPresent();
    }

    @Test
    void givesTheFirstsFailureWhenBothFail() {
        firstObjects.failAlways(key -> true, Fault.DENIED);
        secondObjects.failAlways(key -> true, Fault.REFUSED);

        assertThat(store.store(List.of(aStep().build())))
                .singleElement()
                .isInstanceOfSatisfying(
                        StoreOutcome.Failed.class,
                        failed -> assertThat(failed.cause())
                                .isInstanceOf(StoreAccessException.class)
                                .hasSuppressedException(failed.cause().getSuppressed()[0]));
        assertThat(store.probe().join()).isPresent();
    }

    @Test
    void findsTheGreatestRevisionInEitherStore() {
        StepCapture early = aStep().html("early").build();
        StepCapture late = aStep().at(NOON.plusSeconds(1)).html("late").build();

        first.store(List.of(early));
        second.store(List.of(late));
        assertThat(store.load("session", "step").orElseThrow().read("html"))
                .asString()
                .isEqualTo("late");

        first.store(List.of(aStep().called("other").at(NOON.plusSeconds(9)).build()));
        second.store(List.of(aStep().called("other").at(NOON.plusSeconds(5)).build()));
        assertThat(store.steps("session", PageRequest.first(9)).items())
                .extracting(entry -> entry.revision().capturedAt())
                .containsExactly(NOON.plusSeconds(1), NOON.plusSeconds(9));
    }

    @Test
    void takesASessionThatIsDeletedFromEitherStoreForDeleted() {
        first.store(List.of(aStep().called("in-first").build()));
        second.store(List.of(aStep().called("in-second").build()));
        first.deleteSession("session");

        assertThat(store.load("session", "in-second")).isEmpty();
        assertThat(store.steps("session", PageRequest.first(9)).items()).isEmpty();
        assertThat(store.sessions(PageRequest.first(9)).items()).isEmpty();
        assertThat(store.isDeleted("session")).isTrue();
        assertThat(store.store(List.of(aStep().build()))).containsExactly(new StoreOutcome.SessionDeleted());

        assertThat(store.deleteSession("session").objects()).isEqualTo(2);
        assertThat(secondObjects.contents().keySet()).containsExactly("deleted/session");
    }

    @Test
    void givesNoDeletedSessionToTheSecond() {
        store.deleteSession("session");
        firstObjects.failAlways(key -> true, Fault.DENIED);

        assertThat(store.store(List.of(aStep().build()))).containsExactly(new StoreOutcome.SessionDeleted());
    }

    @Test
    void findsAStepWhileOneStoreDoesNotAnswer() {
        second.store(List.of(aStep().build()));
        firstObjects.failAlways(key -> true, Fault.DENIED);

        assertThat(store.load("session", "step")).isPresent();
        assertThatThrownBy(() -> store.load("session", "other")).isInstanceOf(StoreAccessException.class);
        assertThatThrownBy(() -> store.sessions(PageRequest.first(1))).isInstanceOf(StoreAccessException.class);
    }

    @Test
    void loadsManyFromBoth() {
        Revision early = revision(first, aStep().called("a").build());
        Revision late =
                revision(second, aStep().called("a").at(NOON.plusSeconds(1)).build());
        revision(first, aStep().called("b").build());
        revision(second, aStep().called("c").build());
        revision(first, aStep().inSession("deleted-from-second").build());
        second.deleteSession("deleted-from-second");

        List<LoadOutcome> outcomes = store.loadAll(List.of(
                StepAddress.latest("session", "a"),
                new StepAddress("session", "a", Optional.of(early)),
                StepAddress.latest("session", "b"),
                StepAddress.latest("session", "c"),
                StepAddress.latest("session", "nowhere"),
                StepAddress.latest("deleted-from-second", "step")));

        assertThat(outcomes.get(0))
                .isInstanceOfSatisfying(
                        LoadOutcome.Found.class,
                        found -> assertThat(found.step().revision()).isEqualTo(late));
        assertThat(outcomes.subList(1, 4)).allMatch(LoadOutcome.Found.class::isInstance);
        assertThat(outcomes.subList(4, 6)).allMatch(LoadOutcome.Missing.class::isInstance);

        firstObjects.failAlways(key -> true, Fault.DENIED);
        assertThat(store.loadAll(List.of(StepAddress.latest("session", "c"), StepAddress.latest("session", "b"))))
                .satisfiesExactly(
                        found -> assertThat(found).isInstanceOf(LoadOutcome.Found.class),
                        failed -> assertThat(failed).isInstanceOf(LoadOutcome.Failed.class));
    }

    private static Revision revision(StepStore store, StepCapture capture) {
        return ((StoreOutcome.Stored) store.store(List.of(capture)).get(0)).revision();
    }

    @Test
    void loadsManyFromTheFirstAgainWhenTheyAreInNeither() {
        FaultyObjectStore drained = new FaultyObjectStore(
                secondObjects, (number, key) -> Optional.empty(), () -> first.store(List.of(aStep().build())));
        StepStore moving = new FallbackStepStore(first, TestStores.over(drained));

        assertThat(moving.loadAll(List.of(StepAddress.latest("session", "step"))))
                .hasOnlyElementsOfType(LoadOutcome.Found.class);
    }

    /** As when a drain moves a step between the looks. */
    @Test
    void looksIntoTheFirstAgainWhenTheStepIsInNeither() {
        FaultyObjectStore drained = new FaultyObjectStore(
                secondObjects, (number, key) -> Optional.empty(), () -> first.store(List.of(aStep().build())));
        StepStore moving = new FallbackStepStore(first, TestStores.over(drained));

        assertThat(moving.load("session", "step")).isPresent();
    }

    @Property(tries = 200)
    void listsBothStoresAsOne(@ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int limit) {
        StepStore one = TestStores.over(new InMemoryObjectStore());
        StepStore two = TestStores.over(new InMemoryObjectStore());
        StepStore both = TestStores.over(new InMemoryObjectStore());
        Random random = new Random(seed);
        for (int i = random.nextInt(25); i > 0; i--) {
            // The id of one is what that of another begins with: their keys are in another order than they.
            List<StepCapture> capture = List.of(aStep().inSession(
                            List.of("s0", "s0-a", "s1").get(random.nextInt(3)))
                    .called("step" + List.of("0", "0-1", "0.1", "1", "01", "2").get(random.nextInt(6)))
                    .at(NOON.plusSeconds(40_000L * random.nextInt(6)))
                    .build());
            both.store(capture);
            int where = random.nextInt(3);
            if (where != 0) {
                one.store(capture);
            }
            if (where != 1) {
                two.store(capture);
            }
        }
        StepStore merged = new FallbackStepStore(one, two);

        SessionFilter days = SessionFilter.byId("s").since(NOON_DAY).until(NOON_DAY.plusDays(1));

        assertThat(all(page -> merged.sessions(page), limit)).isEqualTo(all(page -> both.sessions(page), 1000));
        assertThat(all(page -> merged.sessions(days, page), limit))
                .isEqualTo(all(page -> both.sessions(days, page), 1000));
        assertThat(all(page -> merged.sessionIds("", page), limit))
                .isEqualTo(all(page -> both.sessionIds("", page), 1000));
        assertThat(all(page -> merged.revisions("s0", page), limit))
                .isEqualTo(all(page -> both.revisions("s0", page), 1000));
        assertThat(all(page -> merged.steps("s0", page), limit)).isEqualTo(all(page -> both.steps("s0", page), 1000));
        assertThat(all(page -> merged.revisions("s0", "step0", page), limit))
                .isEqualTo(all(page -> both.revisions("s0", "step0", page), 1000));
    }
}

package io.stepvault.storage;

import static io.stepvault.storage.Captures.NOON;
import static io.stepvault.storage.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.event.StepCapture;
import io.stepvault.storage.memory.Fault;
import io.stepvault.storage.memory.InMemoryObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DayMarkersTest {
    private static final String TODAY = "days/2026-11-20/session";

    private final SteppedClock clock = new SteppedClock(NOON);
    private final InMemoryObjectStore objects = new InMemoryObjectStore();
    private final StepStore store =
            new ObjectStepStore(objects, "", TestStores.direct().withClock(clock));

    @Test
    void marksASessionsDayOnceAnHour() {
        store.store(List.of(step("1", NOON), step("2", NOON)));
        clock.advance(Duration.ofMinutes(59));
        store.store(List.of(step("3", NOON)));
        assertThat(markers()).containsExactly(TODAY);

        clock.advance(Duration.ofMinutes(1));
        store.store(List.of(step("4", NOON)));

        assertThat(markers()).containsExactly(TODAY, TODAY);
    }

    @Test
    void marksEachDayOfASession() {
        store.store(List.of(
                step("1", Instant.parse("2026-11-19T23:59:59.999999Z")),
                step("2", Instant.parse("2026-11-20T00:00:00Z"))));

        assertThat(markers()).containsExactly("days/2026-11-19/session", TODAY);
    }

    @Test
    void marksAnOldDayAgainAfterTheCommitRecordsOncePerBatch() {
        Instant old = NOON.minus(Duration.ofDays(1)).minusNanos(1_000);
        List<StepCapture> batch =
                IntStream.range(0, 5).mapToObj(i -> step("step-" + i, old)).toList();

        store.store(batch);

        assertThat(markers()).containsExactly("days/2026-11-19/session", "days/2026-11-19/session");
        assertThat(objects.puts()).last().isEqualTo("days/2026-11-19/session");
    }

    @Test
    void marksADayNotAgainThatIsNotOld() {
        store.store(List.of(step("1", NOON.minus(Duration.ofDays(1)))));

        assertThat(markers()).hasSize(1);
    }

    @Test
    void failsAnOldStepWhoseSecondMarkerFails() {
        Instant old = NOON.minus(Duration.ofDays(2));
        store.store(List.of(step("1", old)));
        objects.failAlways(key -> key.startsWith("days/2026-11-18"), Fault.DENIED);

        List<StoreOutcome> outcomes = store.store(List.of(step("2", old), step("3", NOON)));

        assertThat(outcomes.get(0)).isInstanceOf(StoreOutcome.Failed.class);
        assertThat(outcomes.get(1)).isInstanceOf(StoreOutcome.Stored.class);
    }

    @Test
    void doesNotRememberAMarkerThatFailed() {
        objects.failAlways(key -> key.startsWith("days/"), Fault.DENIED);
        assertThat(store.store(List.of(step("1", NOON), step("2", NOON))))
                .allMatch(StoreOutcome.Failed.class::isInstance);
        objects.heal();

        assertThat(store.store(List.of(step("1", NOON)))).allMatch(StoreOutcome.Stored.class::isInstance);

        assertThat(objects.contents()).containsKey(TODAY);
    }

    @Test
    void trustsNoMarkerFromTheFuture() {
        store.store(List.of(step("1", NOON)));

        clock.advance(Duration.ofSeconds(-1));
        store.store(List.of(step("2", NOON)));

        assertThat(markers()).hasSize(2);
    }

    @Test
    void remembersABoundedNumberOfMarkers() {
        for (int i = 0; i <= 10_000; i++) {
            store.store(List.of(aStep().inSession("s" + i).build()));
        }
        int before = markers().size();

        store.store(List.of(aStep().inSession("s0").build()));
        store.store(List.of(aStep().inSession("s10000").build()));

        assertThat(markers()).hasSize(before + 1);
    }

    private List<String> markers() {
        return objects.puts().stream().filter(key -> key.startsWith("days/")).toList();
    }

    private static StepCapture step(String id, Instant at) {
        return aStep().called(id).at(at).build();
    }
}

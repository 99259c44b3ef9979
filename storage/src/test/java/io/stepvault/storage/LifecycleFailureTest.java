package io.stepvault.storage;

import static io.stepvault.storage.Captures.NOON;
import static io.stepvault.storage.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.event.StepCapture;
import io.stepvault.storage.memory.Fault;
import io.stepvault.storage.memory.InMemoryObjectStore;
import io.stepvault.storage.object.FaultyObjectStore;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.StoreAccessException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Removals and writers that a failing store stops midway. */
class LifecycleFailureTest {
    private static final Instant OLD = NOON.minus(Duration.ofDays(10));
    private static final LocalDate BEFORE =
            LocalDate.ofInstant(NOON, ZoneOffset.UTC).minusDays(2);

    private final SteppedClock clock = new SteppedClock(NOON);
    private final InMemoryObjectStore objects = new InMemoryObjectStore(clock, Runnable::run);
    private final StoreOptions options = TestStores.direct().withClock(clock);
    private final StepStore store = new ObjectStepStore(objects, "", options);
    private final SessionLifecycle lifecycle = new SessionLifecycle(objects, "", options);

    @Test
    void aDeletionBeginsWithTheTombstoneAndTheCommitRecordAndEndsWithTheDayMarker() {
        store.store(List.of(aStep().html("x").build()));
        objects.failAlways(key -> key.endsWith("page.html"), Fault.DENIED);

        assertThatThrownBy(() -> store.deleteSession("session")).isInstanceOf(StoreAccessException.class);

        assertThat(objects.contents().keySet())
                .anyMatch(key -> key.endsWith("page.html"))
                .noneMatch(key -> key.endsWith("step.json"))
                .contains("deleted/session", "days/2026-11-20/session");
        assertThat(store.sessions(PageRequest.first(1)).items()).isEmpty();

        objects.heal();
        assertThat(store.deleteSession("session")).isEqualTo(new Removed(2, 1));
        assertThat(objects.contents().keySet()).containsExactly("deleted/session");
    }

    @Test
    void anExpiryThatFailedIsGoneOnWith() {
        store.store(List.of(aStep().at(OLD).html("x").build()));
        objects.failAlways(key -> key.endsWith("page.html"), Fault.DENIED);
        assertThatThrownBy(() -> lifecycle.expire(BEFORE)).isInstanceOf(StoreAccessException.class);
        assertThat(store.load("session", "step")).isEmpty();
        assertThat(objects.contents().keySet()).anyMatch(key -> key.startsWith("removing/"));

        objects.heal();
        assertThat(lifecycle.expire(BEFORE)).isEqualTo(new Removed(2, 1));

        assertThat(objects.contents()).isEmpty();
    }

    /** The marker is gone, its remover too, and a writer has committed something just before that. */
    @Test
    void aMarkerThatWasTakenFromALivingSessionIsRestoredByTheNextRun() {
        store.store(List.of(aStep().at(OLD).html("x").build()));
        String marker = "days/2026-11-10/session";
        objects.delete(marker);
        objects.put(new PutRequest("removing/2026-11-10/session/dead", "text/plain", ByteBuffer.allocate(0), Map.of()))
                .join();
        clock.advance(Duration.ofMinutes(61));

        lifecycle.keepLast(1);

        assertThat(objects.contents()).containsKey(marker).doesNotContainKey("removing/2026-11-10/session/dead");
    }

    @Test
    void aRunThatStoodStillTrustsItsEyesNoMore() {
        store.store(List.of(aStep().at(OLD).html("x").build()));
        List<String> before = List.copyOf(objects.contents().keySet());
        SessionLifecycle stalling = new SessionLifecycle(
                new FaultyObjectStore(
                        objects, (number, key) -> Optional.empty(), () -> clock.advance(Duration.ofMinutes(31))),
                "",
                options);

        assertThatThrownBy(() -> stalling.expire(BEFORE)).hasMessageContaining("stood still");

        assertThat(objects.contents().keySet()).containsAll(before);
    }

    @Test
    void aTombstoneThatCannotBeLookedForIsAnOutage() {
        objects.failAlways(key -> key.startsWith("deleted/"), Fault.DENIED);

        List<StoreOutcome> outcomes =
                store.store(List.of(aStep().build(), aStep().called("").build()));

        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(
                                StoreOutcome.Failed.class,
                                failed -> assertThat(failed.cause().isOutage()).isTrue()));
        assertThat(objects.contents()).isEmpty();
    }

    @Test
    void aTombstoneIsLookedForAgainWhenTheStoreFailsForTheMoment() {
        objects.failNext(1, key -> key.startsWith("deleted/"), Fault.TRANSIENT);

        assertThat(store.store(List.of(aStep().build()))).allMatch(StoreOutcome.Stored.class::isInstance);
    }

    @Test
    void aWriterThatCannotRemoveWhatItWroteSaysSoAndIsAskedAgain() {
        store.store(List.of(aStep().html("x").build()));
        lifecycle.delete("session");
        objects.failAlways(key -> key.endsWith("page.html"), Fault.DENIED);

        assertThat(store.store(List.of(aStep().html("x").build()))).allMatch(StoreOutcome.Failed.class::isInstance);
        objects.heal();

        assertThat(store.store(List.of(aStep().html("x").build())))
                .allMatch(StoreOutcome.SessionDeleted.class::isInstance);
    }

    /** As when somebody restores the session while the writer is at it. */
    @Test
    void aWriterThatRemovedWhatIsRestoredStoresItOnceMoreAndListsIt() {
        ObjectStore restoring = new ForwardingObjectStore(objects) {
            @Override
            public void delete(String key) {
                super.delete(key);
                if (key.startsWith("days/")) {
                    super.delete("deleted/session");
                }
            }
        };
        StepStore writer = new ObjectStepStore(restoring, "", options);
        List<StepCapture> captures = List.of(aStep().html("x").build());
        writer.store(captures);
        objects.put(new PutRequest("deleted/session", "text/plain", ByteBuffer.allocate(0), Map.of()))
                .join();

        assertThat(writer.store(captures)).singleElement().isInstanceOfSatisfying(StoreOutcome.Failed.class, failed -> {
            assertThat(failed.cause().isOutage()).isTrue();
            assertThat(failed.cause()).hasMessageContaining("restored meanwhile");
        });
        assertThat(writer.store(captures)).allMatch(StoreOutcome.Stored.class::isInstance);

        assertThat(store.load("session", "step")).isPresent();
        assertThat(store.sessions(PageRequest.first(9)).items()).hasSize(1);
    }

    @Test
    void whoCleansUpAfterASessionThatIsRestoredSaysSo() {
        ObjectStore restoring = new ForwardingObjectStore(objects) {
            @Override
            public void delete(String key) {
                super.delete(key);
                super.delete("deleted/session");
            }
        };

        for (Consumer<SessionLifecycle> removal : List.<Consumer<SessionLifecycle>>of(
                janitor -> janitor.clean(SessionLifecycle.MIN_GRACE), janitor -> janitor.delete("session"))) {
            store.store(List.of(aStep().html("x").build()));
            objects.put(new PutRequest("deleted/session", "text/plain", ByteBuffer.allocate(0), Map.of()))
                    .join();
            assertThatThrownBy(() -> removal.accept(new SessionLifecycle(restoring, "", options)))
                    .hasMessageContaining("restore it once more");
        }
    }
}

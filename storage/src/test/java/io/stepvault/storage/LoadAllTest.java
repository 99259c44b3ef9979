package io.stepvault.storage;

import static io.stepvault.storage.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.storage.memory.Fault;
import io.stepvault.storage.memory.InMemoryObjectStore;
import io.stepvault.storage.object.ByteRange;
import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.object.TransientStoreException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoadAllTest {
    private final InMemoryObjectStore objects = new InMemoryObjectStore();
    private final StepStore store = TestStores.over(objects);

    private static List<StepAddress> steps(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> StepAddress.latest("session", "step-" + i))
                .toList();
    }

    private void stored(int count) {
        store.store(IntStream.range(0, count)
                .mapToObj(i -> aStep().called("step-" + i).build())
                .toList());
    }

    @Test
    void givesTheOthersWhenSomeFail() {
        stored(9);
        objects.failAlways(key -> key.contains("/step-3/"), Fault.DENIED);
        StoreOutcome.Stored damaged = (StoreOutcome.Stored)
                store.store(List.of(aStep().called("step-9").build())).get(0);
        objects.put(Overwritten.by(damaged, "step.json", "{}")).join();

        List<LoadOutcome> outcomes = store.loadAll(steps(10));

        assertThat(outcomes.get(3))
                .isInstanceOfSatisfying(
                        LoadOutcome.Failed.class,
                        failed -> assertThat(failed.cause()).isInstanceOf(StoreAccessException.class));
        assertThat(outcomes.get(9))
                .isInstanceOfSatisfying(
                        LoadOutcome.Failed.class,
                        failed -> assertThat(failed.cause()).isInstanceOf(ObjectCorruptException.class));
        assertThat(outcomes.stream().filter(LoadOutcome.Found.class::isInstance))
                .hasSize(8);
    }

    @Test
    void failsTheStepsOfASessionWhoseTombstoneCannotBeLookedUp() {
        stored(2);
        store.store(List.of(aStep().inSession("other").build()));
        objects.failAlways("deleted/session"::equals, Fault.DENIED);

        List<LoadOutcome> outcomes = store.loadAll(List.of(
                StepAddress.latest("session", "step-0"),
                StepAddress.latest("other", "step"),
                StepAddress.latest("session", "step-1")));

        assertThat(outcomes.get(0)).isInstanceOf(LoadOutcome.Failed.class).isEqualTo(outcomes.get(2));
        assertThat(outcomes.get(1)).isInstanceOf(LoadOutcome.Found.class);
    }

    @Test
    void looksForTheTombstoneOnceForEachSession() {
        stored(40);
        Queue<String> looks = new ConcurrentLinkedQueue<>();
        StepStore counted = TestStores.over(new ForwardingObjectStore(objects) {
            @Override
            public Optional<ObjectInfo> head(String key) {
                looks.add(key);
                return super.head(key);
            }
        });

        counted.loadAll(steps(40));

        assertThat(looks).containsExactly("deleted/session");
    }

    /** Each read waits until there are as many as may be, so it would not end if there were fewer at once. */
    @Test
    void readsAsManyAtOnceAsItMay() {
        stored(12);
        CyclicBarrier together = new CyclicBarrier(4);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Function<Integer, StepStore> opened = max -> new ObjectStepStore(
                new ForwardingObjectStore(objects) {
                    @Override
                    public InputStream get(String key, Optional<ByteRange> range) {
                        most.accumulateAndGet(now.incrementAndGet(), Math::max);
                        try {
                            together.await();
                            return super.get(key, range);
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        } finally {
                            now.decrementAndGet();
                        }
                    }
                },
                "",
                TestStores.direct().withMaxReadsInFlight(max));

        try (StepStore four = opened.apply(4)) {
            assertThat(four.loadAll(steps(12))).allMatch(LoadOutcome.Found.class::isInstance);
        }

        assertThat(most).hasValue(4);
    }

    @Test
    void endsWhenItIsInterrupted() {
        stored(3);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> store.loadAll(steps(3)))
                .isInstanceOf(TransientStoreException.class)
                .hasMessageContaining("interrupted");

        assertThat(Thread.interrupted()).isTrue();
        assertThat(store.loadAll(steps(3))).allMatch(LoadOutcome.Found.class::isInstance);
    }

    @Test
    void saysThatTheStoreIsClosed() {
        store.close();

        assertThatThrownBy(() -> store.loadAll(steps(1)))
                .isInstanceOf(TransientStoreException.class)
                .hasMessageContaining("closed");
    }
}

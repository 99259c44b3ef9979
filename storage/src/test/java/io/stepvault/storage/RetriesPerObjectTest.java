package io.stepvault.storage;

import static io.stepvault.storage.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.storage.memory.Fault;
import io.stepvault.storage.memory.InMemoryObjectStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RetriesPerObjectTest {
    private static final int STEPS = 12;

    private static List<StepToStore> batch() {
        List<StepToStore> steps = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            steps.add(new StepToStore(aStep().called("step-" + step)
                    .html("<p>" + step)
                    .screenshot("image/png", new byte[] {(byte) step})
                    .build()));
        }
        return steps;
    }

    /** On the day of the captures: the marker of an older day is written twice. */
    private static StepStore over(InMemoryObjectStore objects) {
        return new ObjectStepStore(objects, "", TestStores.direct().withClock(new SteppedClock(Captures.NOON)));
    }

    private static List<String> keysOf(InMemoryObjectStore objects) {
        return objects.contents().keySet().stream().toList();
    }

    /** Whichever object it is: a day marker, an artifact or a commit record. */
    @Property(tries = 60)
    void onlyTheObjectThatTheStoreTurnsAwayIsPutAgain(
            @ForAll @IntRange(min = 0, max = 3 * STEPS) int which, @ForAll @IntRange(min = 1, max = 3) int times) {
        InMemoryObjectStore dry = new InMemoryObjectStore();
        try (StepStore store = over(dry)) {
            var unused = store.storeAsync(batch()).join();
        }
        assertThat(dry.puts()).hasSize(1 + 3 * STEPS).doesNotHaveDuplicates();
        String throttled = keysOf(dry).get(which);
        InMemoryObjectStore objects = new InMemoryObjectStore();
        objects.failNext(times, throttled::equals, Fault.THROTTLED);

        try (StepStore store = over(objects)) {
            assertThat(store.storeAsync(batch()).join()).allMatch(StoreOutcome.Stored.class::isInstance);
        }

        assertThat(keysOf(objects)).isEqualTo(keysOf(dry));
        assertThat(Collections.frequency(objects.puts(), throttled)).isEqualTo(1 + times);
        List<String> others =
                objects.puts().stream().filter(key -> !key.equals(throttled)).toList();
        assertThat(others).hasSize(3 * STEPS).doesNotHaveDuplicates();
        Set<String> all = new HashSet<>(others);
        all.add(throttled);
        assertThat(all).hasSize(1 + 3 * STEPS);
    }
}

package io.stepvault.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SequenceNumbersTest {
    @Property
    void tellsExactlyTheNumbersThatAreMissing(
            @ForAll @Size(max = 60) List<@IntRange(min = -5, max = 60) Integer> numbers,
            @ForAll @IntRange(max = 5) int unnumbered) {
        SequenceNumbers seen = new SequenceNumbers();
        numbers.forEach(number -> seen.add(Optional.of((long) number), false));
        for (int i = 0; i < unnumbered; i++) {
            seen.add(Optional.empty(), false);
        }

        Completeness completeness = seen.completeness();

        Set<Integer> there = new TreeSet<>(numbers);
        List<Long> missing = numbers.isEmpty()
                ? List.of()
                : LongStream.range(0, Collections.max(numbers))
                        .filter(number -> !there.contains((int) number))
                        .boxed()
                        .toList();
        List<Long> told = new ArrayList<>();
        completeness.missing().forEach(range -> {
            assertThat(told.isEmpty() || told.get(told.size() - 1) + 1 < range.from())
                    .as("ranges go up and do not touch")
                    .isTrue();
            LongStream.rangeClosed(range.from(), range.to()).forEach(told::add);
        });
        assertThat(told).isEqualTo(missing);
        assertThat(completeness.missingCount()).isEqualTo(missing.size());
        assertThat(completeness.captures()).isEqualTo(numbers.size() + unnumbered);
        assertThat(completeness.unnumbered()).isEqualTo(unnumbered);
        assertThat(completeness.firstSequence())
                .isEqualTo(numbers.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Collections.min(numbers)));
        assertThat(completeness.lastSequence())
                .isEqualTo(numbers.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Collections.max(numbers)));
    }

    @Test
    void takesTheGreatestNumberThereIs() {
        SequenceNumbers seen = new SequenceNumbers();
        seen.add(Optional.of(Long.MAX_VALUE), false);
        seen.add(Optional.of(Long.MIN_VALUE), true);
        seen.add(Optional.of(Long.MAX_VALUE), false);

        Completeness completeness = seen.completeness();

        assertThat(completeness.missing()).containsExactly(new SequenceRange(0, Long.MAX_VALUE - 1));
        assertThat(completeness.missingCount()).isEqualTo(Long.MAX_VALUE);
        assertThat(completeness.ended()).isTrue();
        assertThat(completeness.isComplete()).isFalse();
    }

    @Test
    void tellsABoundedNumberOfRangesAndCountsAll() {
        SequenceNumbers seen = new SequenceNumbers();
        LongStream.rangeClosed(1, 5_000).forEach(number -> seen.add(Optional.of(2 * number), false));

        Completeness completeness = seen.completeness();

        assertThat(completeness.missing()).hasSize(Completeness.MAX_RANGES).startsWith(new SequenceRange(0, 1));
        assertThat(completeness.missingCount()).isEqualTo(5_001);
    }
}

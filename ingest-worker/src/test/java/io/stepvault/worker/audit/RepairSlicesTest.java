package io.stepvault.worker.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.stepvault.capture.Revision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RepairSlicesTest {
    private static final RevisionName NAME =
            new RevisionName("s", "step", new Revision(Instant.EPOCH, "0123456789abcdef"));

    @Property(tries = 300)
    void readsEachCaptureOnceAndWhole(@ForAll("places") List<CapturePlace> places) {
        List<CapturePlace> inOrder = places.stream()
                .sorted(Comparator.comparing(CapturePlace::partition).thenComparing(CapturePlace::firstOffset))
                .toList();
        List<RepairSlices.Slice> slices = slices(inOrder);

        for (CapturePlace place : places) {
            assertThat(slices.stream()
                            .filter(slice -> slice.partition() == place.partition()
                                    && slice.offsets().contains(place.offset())))
                    .singleElement()
                    .satisfies(slice -> {
                        assertThat(slice.from()).isLessThanOrEqualTo(place.firstOffset());
                        assertThat(slice.to()).isGreaterThan(place.offset());
                    });
        }
        assertThat(slices)
                .allMatch(slice -> slice.to() - slice.from() <= slice.offsets().size() * (RepairSlices.MAX_GAP + 100));
    }

    @Test
    void neverHoldsMoreThanSoManyOffsets() {
        List<RepairSlices.Slice> slices = slices(LongStream.range(0, RepairSlices.MAX_CAPTURES + 1L)
                .mapToObj(offset -> new CapturePlace(0, offset, offset))
                .toList());

        assertThat(slices).hasSize(2);
        assertThat(slices.get(0).offsets()).hasSize(RepairSlices.MAX_CAPTURES);
        assertThat(slices.get(1).from()).isEqualTo(RepairSlices.MAX_CAPTURES);
    }

    @Test
    void whatLiesFarApartOrInAnotherPartitionIsReadByItself() {
        assertThat(slices(List.of(
                        new CapturePlace(0, 5, 9),
                        new CapturePlace(0, 7, 8),
                        new CapturePlace(0, RepairSlices.MAX_GAP + 11, RepairSlices.MAX_GAP + 11),
                        new CapturePlace(1, RepairSlices.MAX_GAP + 12, RepairSlices.MAX_GAP + 12))))
                .extracting(RepairSlices.Slice::from, RepairSlices.Slice::to)
                .containsExactly(
                        tuple(5L, 10L),
                        tuple(RepairSlices.MAX_GAP + 11, RepairSlices.MAX_GAP + 12),
                        tuple(RepairSlices.MAX_GAP + 12, RepairSlices.MAX_GAP + 13));
    }

    private static List<RepairSlices.Slice> slices(List<CapturePlace> places) {
        List<RepairSlices.Slice> slices = new ArrayList<>();
        new RepairSlices(places.stream()
                        .map(place -> new MissingCapture(NAME, place))
                        .iterator())
                .forEachRemaining(slices::add);
        return slices;
    }

    @Provide
    Arbitrary<List<CapturePlace>> places() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.longs().between(0, 100_000),
                        Arbitraries.integers().between(0, 90))
                .as((partition, offset, chunks) -> new CapturePlace(partition, offset, offset + chunks))
                .list()
                .uniqueElements(place -> place.partition() + "@" + place.offset())
                .ofMaxSize(20);
    }
}

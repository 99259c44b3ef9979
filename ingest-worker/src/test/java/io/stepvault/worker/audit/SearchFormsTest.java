package io.stepvault.worker.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.capture.Revision;
import io.stepvault.worker.audit.sort.Entry;
import io.stepvault.worker.audit.sort.EntryForm;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SearchFormsTest {
    private static final AuditedCapture CAPTURE = new AuditedCapture(
            new RevisionName("ä", "b/c", new Revision(Instant.EPOCH, "0123456789abcdef")),
            new CapturePlace(1, 2, 3),
            "0".repeat(64),
            100,
            true,
            List.of());

    @Property(tries = 300)
    void findsTheLetterOfEachSuspect(
            @ForAll("places") List<CapturePlace> suspects, @ForAll("places") List<CapturePlace> letters) {
        List<Suspect> sorted = suspects.stream()
                .sorted()
                .map(place -> (Suspect) new Suspect.BadRecord(place, "undecodable"))
                .toList();
        List<String> found = new ArrayList<>();

        new LetterMatching(letters.stream()
                        .sorted()
                        .map(place -> new KnownLetter(place.partition(), place.offset(), place.toString()))
                        .iterator())
                .forEach(sorted.iterator(), (suspect, letter) -> {
                    letter.ifPresent(known ->
                            assertThat(known.reason()).isEqualTo(suspect.place().toString()));
                    found.add(suspect.place() + " " + letter.isPresent());
                });

        assertThat(found)
                .isEqualTo(suspects.stream()
                        .sorted()
                        .map(place -> place + " " + letters.stream().anyMatch(letter -> letter.compareTo(place) == 0))
                        .toList());
    }

    @Property(tries = 100)
    void formsKeepWhatTheyAreGivenInOrderOfPlace(@ForAll("places") List<CapturePlace> places) {
        List<Suspect> suspects = new ArrayList<>();
        for (CapturePlace place : places) {
            suspects.add(
                    place.offset() % 2 == 0
                            ? new Suspect.BadRecord(place, "null-value")
                            : new Suspect.Missing(CAPTURE.at(place)));
        }

        assertThat(through(Suspect.FORM, suspects))
                .isEqualTo(suspects.stream()
                        .sorted(Comparator.comparing(Suspect::place))
                        .toList());
        List<KnownLetter> letters = places.stream()
                .sorted()
                .map(place -> new KnownLetter(place.partition(), place.offset(), "grund ä"))
                .toList();
        assertThat(through(LetterForm.INSTANCE, letters)).isEqualTo(letters);
        List<AnsweredCapture> answered = places.stream()
                .sorted()
                .map(place -> new AnsweredCapture(
                        CAPTURE.at(place), place.offset() % 2 == 0 ? Optional.empty() : Optional.of("ä")))
                .toList();
        assertThat(through(AnsweredCapture.FORM, answered)).isEqualTo(answered);
    }

    private static <T> List<T> through(EntryForm<T> form, List<T> items) {
        List<Entry> entries = items.stream().map(form::write).sorted().toList();
        return entries.stream().map(form::read).toList();
    }

    @Provide
    Arbitrary<List<CapturePlace>> places() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 300),
                        Arbitraries.oneOf(
                                Arbitraries.longs().between(0, 300),
                                Arbitraries.longs().between(0, Long.MAX_VALUE)))
                .as((partition, offset) -> new CapturePlace(partition, offset, offset))
                .list()
                .uniqueElements()
                .ofMaxSize(30);
    }
}

package io.stepvault.worker.audit;

import java.util.Comparator;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Finds the dead letters of suspects: both come by partition, then offset. Does no I/O of its own; for one thread. */
final class LetterMatching {
    private static final Comparator<KnownLetter> ORDER =
            Comparator.comparingInt(KnownLetter::partition).thenComparingLong(KnownLetter::offset);

    private final Iterator<KnownLetter> letters;
    private Optional<KnownLetter> ahead = Optional.empty();

    LetterMatching(Iterator<KnownLetter> letters) {
        this.letters = letters;
    }

    /** Shows each suspect with its letter, and one that was read twice once. */
    void forEach(Iterator<Suspect> suspects, BiConsumer<Suspect, Optional<KnownLetter>> action) {
        Optional<Suspect> last = Optional.empty();
        while (suspects.hasNext()) {
            Suspect suspect = suspects.next();
            if (!last.equals(Optional.of(suspect))) {
                action.accept(suspect, find(suspect.place()));
            }
            last = Optional.of(suspect);
        }
    }

    private Optional<KnownLetter> find(CapturePlace place) {
        KnownLetter wanted = new KnownLetter(place.partition(), place.offset(), "");
        while (ahead.map(letter -> ORDER.compare(letter, wanted) < 0).orElse(true)) {
            if (!letters.hasNext()) {
                return Optional.empty();
            }
            ahead = Optional.of(letters.next());
        }
        return ahead.filter(letter -> ORDER.compare(letter, wanted) == 0);
    }
}

package io.stepvault.storage;

import io.stepvault.storage.object.StoreException;
import java.util.Optional;
import java.util.function.Supplier;

/** What came of loading one step of many. Immutable; safe for any thread. */
public sealed interface LoadOutcome {
    /** The step is there. */
    record Found(StoredStep step) implements LoadOutcome {}

    /** There is no such step, or it is of a deleted session. */
    record Missing() implements LoadOutcome {}

    /** It is not known whether there is such a step; or it is there and damaged. */
    record Failed(StoreException cause) implements LoadOutcome {}

    /** What {@code load} brings. */
    static LoadOutcome of(Supplier<Optional<StoredStep>> load) {
        try {
            return load.get().<LoadOutcome>map(Found::new).orElseGet(Missing::new);
        } catch (StoreException e) {
            return new Failed(e);
        }
    }
}

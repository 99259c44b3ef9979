package io.stepvault.storage;

import java.util.List;
import java.util.Optional;

/**
 * A page of a listing.
 *
 * @param items in the listing's order
 * @param nextToken what to ask the next page with; empty at the end. It names a place, not a moment: what is stored
 *     meanwhile shows if it comes after that place. The page that it leads to may be empty, if there are only deleted
 *     sessions after this one
 */
public record Page<T>(List<T> items, Optional<String> nextToken) {
    /** Copies the list. */
    public Page {
        items = List.copyOf(items);
    }

    /** A page of nothing, which is the last. */
    static <T> Page<T> empty() {
        return new Page<>(List.of(), Optional.empty());
    }
}

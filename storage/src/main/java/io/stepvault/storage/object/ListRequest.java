package io.stepvault.storage.object;

import java.util.Optional;

/**
 * Which objects to list.
 *
 * @param prefix what the keys begin with; may be empty
 * @param byDirectory whether keys that hold a slash after the prefix are rolled up into one prefix up to that slash
 * @param startAfter list only keys after this one, and no prefix of which all keys are before it
 * @param max the most keys and prefixes on the page, 1 to {@value #MAX_PAGE}
 */
public record ListRequest(String prefix, boolean byDirectory, Optional<String> startAfter, int max) {
    /** The largest page that stores give. */
    public static final int MAX_PAGE = 1_000;

    /** Checks the size. */
    public ListRequest {
        if (max < 1 || max > MAX_PAGE) {
            throw new IllegalArgumentException("a page has 1 to " + MAX_PAGE + " entries, not " + max);
        }
    }

    /** All keys that begin with {@code prefix}, from the first, in large pages. */
    public static ListRequest of(String prefix) {
        return new ListRequest(prefix, false, Optional.empty(), MAX_PAGE);
    }

    /** What lies directly under {@code prefix}, from the first, in large pages. */
    public static ListRequest directory(String prefix) {
        return new ListRequest(prefix, true, Optional.empty(), MAX_PAGE);
    }

    /** The same from after {@code key} on. */
    public ListRequest after(String key) {
        return new ListRequest(prefix, byDirectory, Optional.of(key), max);
    }
}

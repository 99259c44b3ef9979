package io.stepvault.storage;

import java.util.Optional;

/**
 * Which page of a listing to give.
 *
 * @param limit the most items on it, 1 to {@value #MAX_LIMIT}
 * @param token the previous page's {@link Page#nextToken}; empty for the first page
 */
public record PageRequest(int limit, Optional<String> token) {
    /** The largest page: a page is held in memory whole. */
    public static final int MAX_LIMIT = 100_000;

    /** Checks the limit. */
    public PageRequest {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("a page has 1 to " + MAX_LIMIT + " items, not " + limit);
        }
    }

    /** The first page. */
    public static PageRequest first(int limit) {
        return new PageRequest(limit, Optional.empty());
    }

    /** The page after the one that ended with {@code token}. */
    public static PageRequest after(String token, int limit) {
        return new PageRequest(limit, Optional.of(token));
    }
}

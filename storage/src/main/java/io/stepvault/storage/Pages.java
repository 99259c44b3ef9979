package io.stepvault.storage;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;

/** What a paged listing lists, one by one. Fetches a page when it is needed and keeps no other. For one thread. */
final class Pages<T> implements Iterator<T> {
    private final int limit;
    private final Function<PageRequest, Page<T>> listing;
    private List<T> items = List.of();
    private int next;
    private Optional<String> token = Optional.empty();
    private boolean begun;

    /** By pages of {@code limit}. */
    Pages(int limit, Function<PageRequest, Page<T>> listing) {
        this.limit = limit;
        this.listing = listing;
    }

    @Override
    public boolean hasNext() {
        while (next == items.size() && (!begun || token.isPresent())) {
            Page<T> page = listing.apply(new PageRequest(limit, token));
            begun = true;
            items = page.items();
            token = page.nextToken();
            next = 0;
        }
        return next < items.size();
    }

    /** What {@link #next} will give. */
    T peek() {
        if (!hasNext()) {
            throw new NoSuchElementException("the listing has ended");
        }
        return items.get(next);
    }

    @Override
    public T next() {
        T item = peek();
        next++;
        return item;
    }
}

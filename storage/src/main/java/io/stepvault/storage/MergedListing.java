package io.stepvault.storage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * The same listing of two stores as one, in order, what both have only once. A token holds a place in each store.
 *
 * @param <T> what is listed
 */
final class MergedListing<T> {
    private static final String START = "-";
    private static final String END = ".";

    /** Says whether an item of one store is to be listed that the other one does not have at its place. */
    @FunctionalInterface
    interface Shows<T> {
        boolean test(T item, StepStore other, boolean otherListsNothing);
    }

    private final String name;
    private final Comparator<? super T> order;
    private final BiFunction<StepStore, PageRequest, Page<T>> fetch;
    private final Shows<T> shows;

    /**
     * A merged listing.
     *
     * @param name what tokens are marked with
     * @param order of the listing
     * @param fetch gets a page of one store
     * @param shows whether an item of one store is to be listed, given the other store
     */
    MergedListing(
            String name,
            Comparator<? super T> order,
            BiFunction<StepStore, PageRequest, Page<T>> fetch,
            Shows<T> shows) {
        this.name = "merged-" + name;
        this.order = order;
        this.fetch = fetch;
        this.shows = shows;
    }

    Page<T> page(StepStore first, StepStore second, PageRequest request) {
        List<String> places = PageToken.read(request, name, 2).orElse(List.of(START, START));
        while (true) {
            Side<T> one = side(first, places.get(0), request.limit());
            Side<T> two = side(second, places.get(1), request.limit());
            List<T> items = merge(one, two, request.limit());
            places = List.of(one.place(), two.place());
            if (places.equals(List.of(END, END))) {
                return new Page<>(items, Optional.empty());
            }
            if (!items.isEmpty()) {
                return new Page<>(items, Optional.of(PageToken.write(name, places.get(0), places.get(1))));
            }
        }
    }

    private List<T> merge(Side<T> one, Side<T> two, int limit) {
        List<T> items = new ArrayList<>();
        while (items.size() < limit && one.isKnown() && two.isKnown() && (one.hasNext() || two.hasNext())) {
            int compared = !one.hasNext() ? 1 : !two.hasNext() ? -1 : order.compare(one.next(), two.next());
            Side<T> from = compared <= 0 ? one : two;
            Side<T> other = compared <= 0 ? two : one;
            T item = from.next();
            from.take();
            if (compared == 0) {
                other.take();
            }
            if (compared == 0 || shows.test(item, other.store, other.isEmpty())) {
                items.add(item);
            }
        }
        return items;
    }

    private Side<T> side(StepStore store, String place, int limit) {
        if (place.equals(END)) {
            return new Side<>(store, place, new Page<>(List.of(), Optional.empty()), fetch);
        }
        return new Side<>(store, place, fetch.apply(store, request(place, limit)), fetch);
    }

    private static PageRequest request(String place, int limit) {
        return place.equals(START) ? PageRequest.first(limit) : PageRequest.after(place, limit);
    }

    /** One store's page and how far it is used up. Used by one thread. */
    private static final class Side<T> {
        private final StepStore store;
        private final String place;
        private final Page<T> page;
        private final BiFunction<StepStore, PageRequest, Page<T>> fetch;
        private int taken;

        Side(StepStore store, String place, Page<T> page, BiFunction<StepStore, PageRequest, Page<T>> fetch) {
            this.store = store;
            this.place = place;
            this.page = page;
            this.fetch = fetch;
        }

        boolean hasNext() {
            return taken < page.items().size();
        }

        /** Whether it is known what comes next here, if only that nothing does. */
        boolean isKnown() {
            return hasNext() || page.nextToken().isEmpty();
        }

        /** Whether the store lists nothing at all. */
        boolean isEmpty() {
            return place.equals(START) && page.items().isEmpty();
        }

        T next() {
            return page.items().get(taken);
        }

        void take() {
            taken++;
        }

        /** Where to go on. Only the store can name a place within a page: by the end of a shorter one. */
        String place() {
            if (!hasNext()) {
                return page.nextToken().orElse(END);
            }
            return taken == 0
                    ? place
                    : fetch.apply(store, request(place, taken)).nextToken().orElse(END);
        }
    }
}

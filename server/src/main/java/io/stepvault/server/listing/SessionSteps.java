package io.stepvault.server.listing;

import io.stepvault.storage.Page;
import io.stepvault.storage.PageRequest;
import io.stepvault.storage.StepEntry;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a session at a moment. Up to a bound they are held, in order of capture time; of more only what can be
 * counted. Immutable; safe for any thread.
 */
public final class SessionSteps {
    private final int most;
    private final List<StepEntry> held;
    private final long count;
    private final long revisions;
    private final Optional<StepEntry> first;
    private final Optional<StepEntry> last;

    private SessionSteps(int most, Reading reading, long revisions) {
        this.most = most;
        this.held = reading.count > most ? List.of() : List.copyOf(reading.steps);
        this.count = reading.count;
        this.revisions = revisions;
        this.first = Optional.ofNullable(reading.first);
        this.last = Optional.ofNullable(reading.last);
    }

    /**
     * Reads a session.
     *
     * @param most how many steps may be held
     * @param listing all revisions of all steps, step by step, each step's oldest first
     */
    static SessionSteps read(int most, Function<PageRequest, Page<StepEntry>> listing) {
        Reading reading = new Reading(most, null);
        return new SessionSteps(most, reading, reading.run(listing));
    }

    /** How many steps there are. */
    public long count() {
        return count;
    }

    /** How many revisions the steps have together. */
    public long revisions() {
        return revisions;
    }

    /** The step that was captured first; empty if there is none. */
    public Optional<StepEntry> first() {
        return first;
    }

    /** The step that was captured last; empty if there is none. */
    public Optional<StepEntry> last() {
        return last;
    }

    /** What it costs to keep this, in entries. */
    int weight() {
        return held.size() + 1;
    }

    /**
     * The steps after a place.
     *
     * @param listing to read from again if there are too many to be held
     */
    Page<StepEntry> page(int limit, Optional<StepEntry> after, Function<PageRequest, Page<StepEntry>> listing) {
        List<StepEntry> following;
        if (count > most) {
            Reading reading = new Reading(limit + 1, after.orElse(null));
            reading.run(listing);
            following = List.copyOf(reading.steps);
        } else {
            following = held.subList(after.map(this::indexAfter).orElse(0), held.size());
        }
        if (following.size() <= limit) {
            return new Page<>(following, Optional.empty());
        }
        List<StepEntry> items = following.subList(0, limit);
        return new Page<>(items, Optional.of(Place.after(items.get(limit - 1)).token()));
    }

    private int indexAfter(StepEntry entry) {
        int index = Collections.binarySearch(held, entry);
        return index >= 0 ? index + 1 : -index - 1;
    }

    /** Goes through all revisions once and keeps the first so many steps after a place. */
    private static final class Reading {
        private final int most;
        private final @Nullable StepEntry after;
        private final NavigableSet<StepEntry> steps = new TreeSet<>();
        private long count;
        private @Nullable StepEntry first;
        private @Nullable StepEntry last;

        Reading(int most, @Nullable StepEntry after) {
            this.most = most;
            this.after = after;
        }

        long run(Function<PageRequest, Page<StepEntry>> listing) {
            long revisions = 0;
            StepEntry latest = null;
            Optional<PageRequest> request = Optional.of(PageRequest.first(PageRequest.MAX_LIMIT));
            while (request.isPresent()) {
                Page<StepEntry> page = listing.apply(request.get());
                revisions += page.items().size();
                for (StepEntry entry : page.items()) {
                    if (latest != null && !latest.stepId().equals(entry.stepId())) {
                        add(latest);
                    }
                    latest = entry;
                }
                request = page.nextToken().map(token -> PageRequest.after(token, PageRequest.MAX_LIMIT));
            }
            if (latest != null) {
                add(latest);
            }
            return revisions;
        }

        private void add(StepEntry step) {
            count++;
            first = first == null || step.compareTo(first) < 0 ? step : first;
            last = last == null || step.compareTo(last) > 0 ? step : last;
            if (after == null || step.compareTo(after) > 0) {
                steps.add(step);
                if (steps.size() > most) {
                    steps.pollLast();
                }
            }
        }
    }
}

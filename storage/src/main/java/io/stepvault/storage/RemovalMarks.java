package io.stepvault.storage;

import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.TransientStoreException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Marks that say: somebody is removing steps of this session and day. {@link OldSteps} tells what they are good for. At
 * most one is held at a time. For one thread.
 */
final class RemovalMarks {
    /** How many days of capture before today nothing is removed of, but by deleting its session. */
    static final int YOUNG_DAYS = 2;

    private static final Duration RENEWED = Duration.ofMinutes(10);
    private static final Duration TRUSTED = Duration.ofMinutes(30);
    // Writers heed a mark for longer than its owner trusts it, so that clocks may differ.
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Sweep sweep;
    private final ObjectsLayout layout;
    private final Clock clock;
    private final String run;
    private Optional<SessionEntry> held = Optional.empty();
    private Instant since = Instant.MIN;

    /** Marks by {@code run}, which is a part of their keys. */
    RemovalMarks(Sweep sweep, ObjectsLayout layout, Clock clock, String run) {
        this.sweep = sweep;
        this.layout = layout;
        this.clock = clock;
        this.run = run;
    }

    /** Whether nobody acts under a mark any more. */
    static boolean isAbandoned(ObjectInfo mark, Instant now) {
        return mark.lastModified().isBefore(now.minus(ABANDONED));
    }

    /**
     * The first day of which nothing may be removed but by deleting its session. Steps of earlier days were captured
     * more than a day ago by any clock that is not off by a day, so their writers look for marks.
     */
    static LocalDate firstYoungDay(Clock clock) {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusDays(YOUNG_DAYS);
    }

    /** Whether a mark is of this run, or of one that has died. */
    boolean mayTakeAway(ObjectInfo mark) {
        return mark.key().endsWith("/" + run) || isAbandoned(mark, clock.instant());
    }

    /** Puts the mark of a session and day, and takes that of another one away. What there is must be looked at after it. */
    void hold(SessionEntry place) {
        if (held.isEmpty() || !held.get().equals(place)) {
            release();
            put(place);
            held = Optional.of(place);
        }
    }

    /**
     * Must be called before each deletion.
     *
     * @throws TransientStoreException if so much time has gone by that writers may no longer heed the mark
     */
    void keep() {
        Duration age = Duration.between(since, clock.instant());
        if (age.isNegative() || age.compareTo(TRUSTED) > 0) {
            String key = held.map(this::key).orElse("");
            throw new TransientStoreException(
                    "", key, "this run stood still for too long to go on with what it saw; run it again", null);
        }
        if (age.compareTo(RENEWED) > 0) {
            held.ifPresent(this::put);
        }
    }

    /** Takes the mark away, once all deletions under it have been answered. After a failure it must stay. */
    void release() {
        held.ifPresent(place -> sweep.delete(key(place)));
        held = Optional.empty();
    }

    private void put(SessionEntry place) {
        since = clock.instant();
        sweep.put(key(place));
    }

    private String key(SessionEntry place) {
        return layout.removals(place.day(), place.sessionId()) + run;
    }
}

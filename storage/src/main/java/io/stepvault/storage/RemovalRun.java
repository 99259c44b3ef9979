package io.stepvault.storage;

import io.stepvault.storage.object.ObjectInfo;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One removal of old steps: what it sweeps with, the marks by which writers know of it, the sessions that it must leave
 * alone. For one thread.
 */
final class RemovalRun {
    private final Sweep sweep;
    private final ObjectsLayout layout;
    private final RemovalMarks marks;
    private final Holds holds;
    private final Clock clock;
    private Optional<SessionEntry> begun = Optional.empty();

    /** A run named {@code name}, which is a part of its marks' keys. */
    RemovalRun(Sweep sweep, ObjectsLayout layout, Holds holds, Clock clock, String name) {
        this.sweep = sweep;
        this.layout = layout;
        this.holds = holds;
        this.clock = clock;
        this.marks = new RemovalMarks(sweep, layout, clock, name);
        finishWhatHasDied();
    }

    Sweep sweep() {
        return sweep;
    }

    ObjectsLayout layout() {
        return layout;
    }

    Clock clock() {
        return clock;
    }

    /** Why a session must be left alone; empty if it need not. */
    Optional<String> heldBecause(String sessionId) {
        return holds.of(sessionId);
    }

    /**
     * Puts the mark of a session and day unless the session is held, or says no. Holds are looked for before, so that
     * nobody is kept waiting for nothing, and again under the mark: what was acknowledged before the mark was put is seen
     * by then.
     */
    boolean begin(SessionEntry place) {
        if (begun.filter(place::equals).isPresent()) {
            return true;
        }
        begun = Optional.empty();
        if (heldBecause(place.sessionId()).isPresent()) {
            return false;
        }
        marks.hold(place);
        if (heldBecause(place.sessionId()).isPresent()) {
            return false;
        }
        begun = Optional.of(place);
        return true;
    }

    /** Removes a revision, under the mark. */
    void remove(RevisionObjects revision) {
        for (ObjectInfo object : revision.inOrderOfRemoval(layout)) {
            marks.keep();
            sweep.remove(object);
        }
    }

    /** Removes the revision if, under the mark, it still is what it was taken for. */
    void removeIf(RevisionObjects seen, Predicate<RevisionObjects> isStill) {
        begun = begun.filter(seen.day()::equals);
        marks.hold(seen.day());
        RevisionObjects.forEach(sweep, layout, seen.prefix(), revision -> {
            if (isStill.test(revision)) {
                remove(revision);
            }
        });
    }

    /** Removes the marker of the day that the mark is of, unless something of the day is there again. */
    void removeMarker(SessionEntry day, ObjectInfo marker) {
        marks.keep();
        sweep.remove(marker);
        markAgainIfUsed(day);
        begun = Optional.empty();
        marks.release();
    }

    /** Takes the last mark away. Says what was removed. */
    Removed end() {
        marks.release();
        return sweep.removed();
    }

    /** Brings to an end what this run, or one that died, has left half done: the mark tells of which day. */
    private void finishWhatHasDied() {
        Set<SessionEntry> done = new HashSet<>();
        List<ObjectInfo> left = new ArrayList<>();
        sweep.forEach(layout.removals(), left::add);
        for (ObjectInfo mark : left) {
            Optional<SessionEntry> day = layout.readRemoval(mark.key());
            if (day.isPresent() && marks.mayTakeAway(mark)) {
                day.filter(done::add).ifPresent(this::markAgainIfUsed);
                sweep.delete(mark.key());
            }
        }
    }

    /** What a writer has committed meanwhile must not be missing in the list of its day. */
    private void markAgainIfUsed(SessionEntry day) {
        boolean[] used = new boolean[1];
        RevisionObjects.forEach(
                sweep,
                layout,
                layout.steps(day.sessionId()),
                revision -> used[0] |= revision.capturedOn().equals(day.day()));
        if (used[0]) {
            sweep.put(layout.dayMarker(day.day(), day.sessionId()));
        }
    }
}

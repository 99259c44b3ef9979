package io.stepvault.storage;

import io.stepvault.capture.InvalidIdException;
import io.stepvault.storage.ObjectsLayout.RevisionPlace;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.retry.BlockingRetry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Removes what is stored: sessions that were deleted, steps that are too old, revisions that are too many, and what
 * writers that died have left behind. Readers and writers, drains and replays may go on meanwhile. A call that failed,
 * at whatever point, is simply made again. Only objects under the prefix are touched, and of these only what belongs to
 * sessions.
 *
 * <p>But for {@link #delete}, nothing is removed that was captured today (UTC) or on the two days before: its writers
 * may still be at it. Writers of older steps and these calls look out for each other; see {@link OldSteps}. While
 * something of a session's day is being removed, older steps of that day are not stored: storing them fails for the
 * moment, for an hour at most if the remover dies.
 *
 * <p>A step is removed with its commit record first. Who has found it before may find an artifact gone: that is answered
 * with {@link io.stepvault.storage.object.ObjectNotFoundException}, and means that the step has expired or been deleted.
 *
 * <p>Calls block, one at a time. Safe for any thread.
 */
public final class SessionLifecycle {
    /** The least grace that {@link #clean} takes. */
    public static final Duration MIN_GRACE = Duration.ofDays(2);

    private final ObjectStore objects;
    private final ObjectsLayout layout;
    private final Clock clock;
    private final BlockingRetry retry;
    private final String run;
    private final Optional<Consumer<ObjectInfo>> onlyTold;

    /**
     * The lifecycle of the sessions in {@code objects}, which stays open.
     *
     * @param prefix what all keys begin with, without a slash at the end; may be empty
     * @throws IllegalArgumentException if the prefix has more than 200 characters or some that keys cannot have
     */
    public SessionLifecycle(ObjectStore objects, String prefix, StoreOptions options) {
        this(objects, new ObjectsLayout(prefix), options.clock(), new BlockingRetry(options.retry()));
    }

    SessionLifecycle(ObjectStore objects, ObjectsLayout layout, Clock clock, BlockingRetry retry) {
        this(objects, layout, clock, retry, UUID.randomUUID().toString(), Optional.empty());
    }

    private SessionLifecycle(
            ObjectStore objects,
            ObjectsLayout layout,
            Clock clock,
            BlockingRetry retry,
            String run,
            Optional<Consumer<ObjectInfo>> onlyTold) {
        this.objects = objects;
        this.layout = layout;
        this.clock = clock;
        this.retry = retry;
        this.run = run;
        this.onlyTold = onlyTold;
    }

    /** The same, but changing nothing: calls tell {@code wouldGo} what they would remove, and count it. */
    public SessionLifecycle dryRun(Consumer<ObjectInfo> wouldGo) {
        return new SessionLifecycle(objects, layout, clock, retry, run, Optional.of(wouldGo));
    }

    /**
     * Deletes a session for good: its tombstone is put, then its steps are removed, each with its commit record first,
     * then its day markers. The tombstone stays. From when it is there, readers find nothing of the session, and writers
     * store nothing. Objects that a writer puts at this very moment are removed by that writer, or if it dies, by
     * whoever is given its captures again, or by {@link #clean}.
     *
     * <p>Asks once for each day that any session has a marker on.
     *
     * @return what was removed by this call
     * @throws InvalidIdException if the id can not be one of a stored session
     * @throws StoreException if the store fails
     */
    public Removed delete(String sessionId) {
        Sweep sweep = sweep();
        sweep.put(layout.tombstone(sessionId));
        removeSession(sweep, sessionId);
        for (LocalDate day : days(sweep)) {
            sweep.find(layout.dayMarker(day, sessionId)).ifPresent(sweep::remove);
        }
        return sweep.removed();
    }

    /**
     * Removes the steps that were captured on UTC days before {@code before}, by day markers: for each such marker, all
     * revisions of its session that were captured on its day, and then the marker. What the session has of later days
     * stays, so of a step with several revisions only the later ones may be left. No tombstone is put: a capture that
     * comes late, or is replayed, is stored, listed, and expires next time.
     *
     * @param before at the latest the day before yesterday
     * @return what was removed by this call
     * @throws IllegalArgumentException if {@code before} is later than that
     * @throws StoreException if the store fails
     */
    public synchronized Removed expire(LocalDate before) {
        LocalDate latest = RemovalMarks.firstYoungDay(clock);
        if (before.isAfter(latest)) {
            throw new IllegalArgumentException("steps can expire that were captured before " + latest
                    + ", not all before " + before + ": younger ones may still be on their way");
        }
        Sweep sweep = sweep();
        RemovalMarks marks = begin(sweep);
        for (LocalDate day : days(sweep)) {
            if (day.isBefore(before)) {
                String prefix = layout.day(day);
                sweep.forEach(
                        prefix,
                        marker -> layout.readSession(prefix, marker.key())
                                .ifPresent(session -> expire(sweep, marks, new SessionEntry(day, session), marker)));
            }
        }
        marks.release();
        return sweep.removed();
    }

    private void expire(Sweep sweep, RemovalMarks marks, SessionEntry day, ObjectInfo marker) {
        marks.hold(day);
        RevisionObjects.forEach(sweep, layout, layout.steps(day.sessionId()), revision -> {
            if (revision.capturedOn().equals(day.day())) {
                remove(sweep, marks, revision);
            }
        });
        marks.keep();
        sweep.remove(marker);
        markAgainIfUsed(sweep, day);
        marks.release();
    }

    /** What a writer has committed meanwhile must not be missing in the list of its day. */
    private void markAgainIfUsed(Sweep sweep, SessionEntry day) {
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

    /**
     * Removes all revisions of each step but the last {@code revisions} and those that are too young. Looks at every key
     * of every session. Day markers stay, so a session may be listed on a day of which no revision is left.
     *
     * @param revisions at least 1
     * @return what was removed by this call
     * @throws StoreException if the store fails
     */
    public synchronized Removed keepLast(int revisions) {
        if (revisions < 1) {
            throw new IllegalArgumentException("at least the last revision of a step is kept, not " + revisions);
        }
        LocalDate young = RemovalMarks.firstYoungDay(clock);
        Sweep sweep = sweep();
        RemovalMarks marks = begin(sweep);
        Deque<RevisionObjects> last = new ArrayDeque<>();
        RevisionObjects.forEach(sweep, layout, layout.sessions(), revision -> {
            if (!last.isEmpty() && !isOfSameStep(last.getLast().place(), revision.place())) {
                last.clear();
            }
            if (revision.isCommitted(layout)) {
                last.addLast(revision);
                if (last.size() > revisions) {
                    RevisionObjects tooMany = last.removeFirst();
                    if (tooMany.capturedOn().isBefore(young)) {
                        removeIf(sweep, marks, tooMany, any -> true);
                    }
                }
            }
        });
        marks.release();
        return sweep.removed();
    }

    private static boolean isOfSameStep(RevisionPlace one, RevisionPlace other) {
        return one.sessionId().equals(other.sessionId()) && one.stepId().equals(other.stepId());
    }

    /**
     * Removes what nobody can read: artifacts without a commit record of which none was written for {@code grace}, and
     * whatever is left of deleted sessions. Looks at every key of every session and at all day markers.
     *
     * @param grace at least {@link #MIN_GRACE}
     * @return what was removed by this call
     * @throws StoreException if the store fails
     */
    public synchronized Removed clean(Duration grace) {
        if (grace.compareTo(MIN_GRACE) < 0) {
            throw new IllegalArgumentException("the grace is at least " + MIN_GRACE + ", not " + grace);
        }
        Sweep sweep = sweep();
        RemovalMarks marks = begin(sweep);
        removeDeleted(sweep);
        Instant writtenBefore = clock.instant().minus(grace);
        LocalDate young = RemovalMarks.firstYoungDay(clock);
        Predicate<RevisionObjects> isOrphan = revision -> !revision.isCommitted(layout)
                && revision.capturedOn().isBefore(young)
                && revision.objects().stream()
                        .allMatch(object -> object.lastModified().isBefore(writtenBefore));
        RevisionObjects.forEach(sweep, layout, layout.sessions(), revision -> {
            if (isOrphan.test(revision)) {
                removeIf(sweep, marks, revision, isOrphan);
            }
        });
        marks.release();
        return sweep.removed();
    }

    private void removeDeleted(Sweep sweep) {
        Tombstones tombstones = new Tombstones(objects, layout, retry);
        Tombstones.Scan sessions = tombstones.scan();
        for (String prefix : sweep.directories(layout.sessions())) {
            layout.readSessionOf(prefix)
                    .filter(sessions::isDeleted)
                    .ifPresent(session -> removeSession(sweep, session));
        }
        for (LocalDate day : days(sweep)) {
            Tombstones.Scan markers = tombstones.scan();
            String prefix = layout.day(day);
            sweep.forEach(
                    prefix,
                    marker -> layout.readSession(prefix, marker.key())
                            .filter(markers::isDeleted)
                            .ifPresent(session -> sweep.remove(marker)));
        }
    }

    /** Removes all that a session with a tombstone has under its name. */
    private void removeSession(Sweep sweep, String sessionId) {
        String session = layout.session(sessionId);
        RevisionObjects.forEach(
                sweep,
                layout,
                session,
                revision -> revision.inOrderOfRemoval(layout).forEach(sweep::remove));
        sweep.forEach(session, object -> {
            if (layout.readRevisionOf(object.key()).isEmpty()) {
                sweep.remove(object);
            }
        });
    }

    /** Removes a revision if, under the mark, it still is what it was taken for. */
    private void removeIf(Sweep sweep, RemovalMarks marks, RevisionObjects seen, Predicate<RevisionObjects> isStill) {
        marks.hold(seen.day());
        RevisionObjects.forEach(sweep, layout, seen.prefix(), revision -> {
            if (isStill.test(revision)) {
                remove(sweep, marks, revision);
            }
        });
    }

    private void remove(Sweep sweep, RemovalMarks marks, RevisionObjects revision) {
        for (ObjectInfo object : revision.inOrderOfRemoval(layout)) {
            marks.keep();
            sweep.remove(object);
        }
    }

    /** Brings to an end what this run, or one that died, has left half done: the mark tells of which day. */
    private RemovalMarks begin(Sweep sweep) {
        RemovalMarks marks = new RemovalMarks(sweep, layout, clock, run);
        Set<SessionEntry> done = new HashSet<>();
        List<ObjectInfo> left = new ArrayList<>();
        sweep.forEach(layout.removals(), left::add);
        for (ObjectInfo mark : left) {
            Optional<SessionEntry> day = layout.readRemoval(mark.key());
            if (day.isPresent() && marks.mayTakeAway(mark)) {
                day.filter(done::add).ifPresent(each -> markAgainIfUsed(sweep, each));
                sweep.delete(mark.key());
            }
        }
        return marks;
    }

    private List<LocalDate> days(Sweep sweep) {
        return sweep.directories(layout.days()).stream()
                .flatMap(prefix -> layout.readDay(prefix).stream())
                .toList();
    }

    private Sweep sweep() {
        return new Sweep(objects, retry, onlyTold);
    }
}

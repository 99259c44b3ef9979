package io.stepvault.storage;

import io.stepvault.capture.InvalidIdException;
import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.ObjectVersion;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.retry.BlockingRetry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Removes what is stored: sessions that were deleted, steps that are too old, revisions that are too many, and what
 * writers that died have left behind; by hand, or by the policy that lies in the store. Readers and writers, drains and
 * replays may go on meanwhile. A call that failed, at whatever point, is simply made again. Only objects under the
 * prefix are touched, and of these only what belongs to sessions.
 *
 * <p>But for {@link #delete}, nothing is removed that was captured today (UTC) or on the two days before: its writers
 * may still be at it. Writers of older steps and these calls look out for each other; see {@link OldSteps}. While
 * something of a session's day is being removed, older steps of that day are not stored: storing them fails for the
 * moment, for an hour at most if the remover dies.
 *
 * <p>A step is removed with its commit record first. Who has found it before may find an artifact gone: that is answered
 * with {@link io.stepvault.storage.object.ObjectNotFoundException}, and means that the step has expired or been deleted.
 *
 * <p>A session is <em>held</em> if any of its committed revisions carries a label that the policy holds: it does not
 * expire, is not thinned out, and is not deleted but by {@link #deleteHeld}. To know that, all commit records of
 * sessions that would lose something are read; none are if the policy holds nothing. What is acknowledged to a writer
 * before the removal of a session's day has begun counts. What comes later may come too late for that one day: nothing
 * that is gone comes back, and the rest stays.
 *
 * <p>Calls block, one at a time. Safe for any thread.
 */
public final class SessionLifecycle implements AutoCloseable {
    /** The least grace that {@link #clean} takes. */
    public static final Duration MIN_GRACE = Duration.ofDays(2);

    private final ObjectStore objects;
    private final ObjectsLayout layout;
    private final Clock clock;
    private final BlockingRetry retry;
    private final Telling telling;
    private final Runnable onClose;

    /** Who is told what, and by which run. */
    private record Telling(LifecycleListener listener, boolean dryRun, String run) {}

    /**
     * The lifecycle of the sessions in {@code objects}, which stays open.
     *
     * @param prefix what all keys begin with, without a slash at the end; may be empty
     * @throws IllegalArgumentException if the prefix has more than 200 characters or some that keys cannot have
     */
    public SessionLifecycle(ObjectStore objects, String prefix, StoreOptions options) {
        this(objects, new ObjectsLayout(prefix), options.clock(), new BlockingRetry(options.retry()), () -> {});
    }

    SessionLifecycle(ObjectStore objects, ObjectsLayout layout, Clock clock, BlockingRetry retry, Runnable onClose) {
        this(
                objects,
                layout,
                clock,
                retry,
                new Telling(object -> {}, false, UUID.randomUUID().toString()),
                onClose);
    }

    private SessionLifecycle(
            ObjectStore objects,
            ObjectsLayout layout,
            Clock clock,
            BlockingRetry retry,
            Telling telling,
            Runnable onClose) {
        this.objects = objects;
        this.layout = layout;
        this.clock = clock;
        this.retry = retry;
        this.telling = telling;
        this.onClose = onClose;
    }

    /**
     * Opens the lifecycle of a store; see {@link StepStore#open(URI, StoreOptions)}. It is the caller's to close.
     *
     * @throws IllegalArgumentException if the URI does not name a store; the message says what is wrong with it
     * @throws StoreException if a directory cannot be used; an S3 bucket is not asked before the first call
     */
    public static SessionLifecycle open(URI uri, StoreOptions options) {
        return StoreOpener.openLifecycle(uri, options);
    }

    /** The same, but changing nothing: calls tell {@code wouldGo} what they would remove, and count it. */
    public SessionLifecycle dryRun(LifecycleListener wouldGo) {
        return with(new Telling(wouldGo, true, telling.run()));
    }

    /** The same, telling {@code listener} what is removed. */
    public SessionLifecycle telling(LifecycleListener listener) {
        return with(new Telling(listener, telling.dryRun(), telling.run()));
    }

    private SessionLifecycle with(Telling other) {
        return new SessionLifecycle(objects, layout, clock, retry, other, onClose);
    }

    /** Where the store is, as a URI without parameters. */
    public URI location() {
        return objects.uriOf(layout.root());
    }

    /**
     * The store's policy; empty if it has none, which keeps all for ever.
     *
     * @throws ObjectCorruptException if it is not understood to its end
     * @throws StoreException if the store fails
     */
    public Optional<LifecyclePolicy> policy() {
        return policyFile().read();
    }

    /**
     * Makes a policy the store's, in place of what it had. Removals that go on keep to what they have read.
     *
     * @throws IllegalArgumentException if the policy holds labels, but the bucket itself expires steps by a rule of ours
     * @throws StoreException if the store fails
     */
    public void writePolicy(LifecyclePolicy policy) {
        if (!policy.holds().isEmpty() && new BucketLifecycle(objects, layout, retry, () -> {}).expiresSteps()) {
            throw new IllegalArgumentException(
                    "the bucket expires steps by a rule of its own, which knows no labels: it"
                            + " would expire held sessions, too; take that rule away first, and expire by the policy");
        }
        sweep().put(policyFile().put(policy));
    }

    /**
     * Says what the store holds: by one request for each 1,000 day markers, and one each for tombstones, removal marks
     * and unfinished uploads.
     *
     * @throws ObjectCorruptException if the policy is not understood to its end
     * @throws StoreException if the store fails
     */
    public LifecycleState state() {
        return new Survey(sweep(), layout, clock).state(policy());
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
     * @throws SessionHeldException if it is held; nothing is removed then. A capture that comes while it is deleted and
     *     carries such a label is too late
     * @throws InvalidIdException if the id can not be one of a stored session
     * @throws ObjectCorruptException if the policy is not understood to its end
     * @throws StoreException if the store fails
     */
    public Removed delete(String sessionId) {
        String tombstone = layout.tombstone(sessionId);
        Sweep sweep = sweep();
        // A deletion that has begun is brought to its end: its captures may be gone that carried the label.
        if (sweep.find(tombstone).isEmpty()) {
            holds(sweep, policy().orElse(LifecyclePolicy.KEEP_ALL))
                    .of(sessionId)
                    .ifPresent(why -> {
                        throw new SessionHeldException(sessionId, why);
                    });
        }
        return delete(sweep, sessionId);
    }

    /**
     * As {@link #delete}, whatever the policy says.
     *
     * @return what was removed by this call
     * @throws InvalidIdException if the id can not be one of a stored session
     * @throws StoreException if the store fails
     */
    public Removed deleteHeld(String sessionId) {
        return delete(sweep(), sessionId);
    }

    private Removed delete(Sweep sweep, String sessionId) {
        sweep.put(layout.tombstone(sessionId));
        deletedSessions(sweep).remove(sessionId);
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
     * @throws ObjectCorruptException if the policy is not understood to its end
     * @throws StoreException if the store fails
     */
    public synchronized Removed expire(LocalDate before) {
        return expire(before, policy().orElse(LifecyclePolicy.KEEP_ALL));
    }

    private Removed expire(LocalDate before, LifecyclePolicy policy) {
        LocalDate latest = RemovalMarks.firstYoungDay(clock);
        if (before.isAfter(latest)) {
            throw new IllegalArgumentException("steps can expire that were captured before " + latest
                    + ", not all before " + before + ": younger ones may still be on their way");
        }
        RemovalRun run = run(policy);
        new Expiry(run, before).removeAll();
        return run.end();
    }

    /**
     * Removes all revisions of each step but the last {@code revisions} and those that are too young. Looks at every key
     * of every session. Day markers stay, so a session may be listed on a day of which no revision is left.
     *
     * @param revisions at least 1
     * @return what was removed by this call
     * @throws ObjectCorruptException if the policy is not understood to its end
     * @throws StoreException if the store fails
     */
    public synchronized Removed keepLast(int revisions) {
        if (revisions < 1) {
            throw new IllegalArgumentException("at least the last revision of a step is kept, not " + revisions);
        }
        return keepLast(revisions, policy().orElse(LifecyclePolicy.KEEP_ALL), day -> false);
    }

    private Removed keepLast(int revisions, LifecyclePolicy policy, Predicate<SessionEntry> goneAlready) {
        RemovalRun run = run(policy);
        new Thinning(run, revisions, goneAlready).removeAll();
        return run.end();
    }

    /**
     * Removes what nobody can read: artifacts without a commit record of which none was written for {@code grace},
     * whatever is left of deleted sessions, and uploads that were begun before {@code grace} and never finished. Looks at
     * every key of every session and at all day markers. Holds do not matter: labels are in commit records.
     *
     * @param grace at least {@link #MIN_GRACE}
     * @return what was removed by this call
     * @throws StoreException if the store fails
     */
    public synchronized Removed clean(Duration grace) {
        return clean(grace, day -> false);
    }

    private Removed clean(Duration grace, Predicate<SessionEntry> goneAlready) {
        if (grace.compareTo(MIN_GRACE) < 0) {
            throw new IllegalArgumentException("the grace is at least " + MIN_GRACE + ", not " + grace);
        }
        Instant before = clock.instant().minus(grace);
        RemovalRun run = run(LifecyclePolicy.KEEP_ALL);
        deletedSessions(run.sweep()).removeLeftovers();
        new Orphans(run, before, goneAlready).removeAll();
        run.sweep().abortUploads(layout.root(), before);
        return run.end();
    }

    /**
     * Does what the store's policy says: {@link #expire}, then {@link #keepLast}, then {@link #clean}. Without a policy,
     * only the last.
     *
     * @param grace at least {@link #MIN_GRACE}
     * @return what was removed by this call; in a dry run nothing is counted twice
     * @throws ObjectCorruptException if the policy is not understood to its end
     * @throws StoreException if the store fails
     */
    public synchronized PolicyApplied apply(Duration grace) {
        LifecyclePolicy policy = policy().orElse(LifecyclePolicy.KEEP_ALL);
        Optional<LocalDate> before = policy.firstKeptDay(clock.instant());
        Removed expired = before.map(day -> expire(day, policy)).orElse(Removed.NOTHING);
        // What a dry run has counted once is still there.
        Predicate<SessionEntry> goneAlready =
                telling.dryRun() && before.isPresent() ? new Expiry(run(policy), before.get())::takes : day -> false;
        Removed thinnedOut = policy.keepRevisions().isPresent()
                ? keepLast(policy.keepRevisions().getAsInt(), policy, goneAlready)
                : Removed.NOTHING;
        return new PolicyApplied(expired, thinnedOut, clean(grace, goneAlready));
    }

    /**
     * Shows all versions that the store keeps of what a session has, or of one of its steps, by key, the latest first.
     *
     * @param stepId the step; empty for the whole session, and whether it was deleted
     * @throws InvalidIdException if an id can not be one of a stored step
     * @throws StoreAccessException if the store keeps no versions
     * @throws StoreException if the store fails
     */
    public void versions(String sessionId, Optional<String> stepId, Consumer<ObjectVersion> action) {
        VersionSweep versions = new VersionSweep(objects, layout, retry);
        if (stepId.isEmpty()) {
            versions.of(layout.tombstone(sessionId)).forEach(action);
        }
        versions.forEach(
                stepId.map(step -> layout.revisions(sessionId, step)).orElseGet(() -> layout.session(sessionId)),
                action);
    }

    /**
     * Brings back what was deleted of a session or has expired, from the versions that the store keeps: revisions of
     * which all artifacts are left, each with its day marker, and the commit record last. If the session was deleted, its
     * tombstone goes when all is back. What has expired by a policy expires again, unless the policy is changed first.
     *
     * <p>Works beside writers, readers and removals. Whoever deletes the session or cleans up after it at the same time is
     * told to have it restored once more.
     *
     * @param at brings back what was there at that time only; empty for all that is kept
     * @return what came back
     * @throws InvalidIdException if the id can not be one of a stored session
     * @throws StoreAccessException if the store keeps no versions
     * @throws io.stepvault.storage.object.TransientStoreException if somebody is removing steps of the session
     * @throws StoreException if the store fails
     */
    public synchronized Restored restore(String sessionId, Optional<Instant> at) {
        VersionSweep versions = new VersionSweep(objects, layout, retry);
        return new Restoration(sweep(), versions, layout, clock, at).restore(sessionId);
    }

    private RemovalRun run(LifecyclePolicy policy) {
        Sweep sweep = sweep();
        return new RemovalRun(sweep, layout, holds(sweep, policy), clock, telling.run());
    }

    private Holds holds(Sweep sweep, LifecyclePolicy policy) {
        return new Holds(policy, sweep, new CheckedReader(objects, retry), layout);
    }

    private DeletedSessions deletedSessions(Sweep sweep) {
        return new DeletedSessions(sweep, layout, new Tombstones(objects, layout, retry));
    }

    private PolicyFile policyFile() {
        return new PolicyFile(objects, layout, retry);
    }

    private Sweep sweep() {
        return new Sweep(objects, retry, telling.listener(), telling.dryRun());
    }

    /** Lets go of connections and threads, if this was opened by a URI. Idempotent. */
    @Override
    public void close() {
        onClose.run();
    }
}

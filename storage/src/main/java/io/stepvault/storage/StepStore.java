package io.stepvault.storage;

import io.stepvault.capture.InvalidIdException;
import io.stepvault.capture.Revision;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Stores step captures and reads them back. The same capture may be stored any number of times, by any number of
 * stores at once: it is written to the same objects with the same content. A step is visible whole or not at all, and
 * of several revisions of a step the latest capture wins, whatever the order they were stored in. A deleted session is
 * absent to every reader, and nothing of it is stored any more.
 *
 * <p>Safe for any thread. Reading calls block and are tried again a few times when the store fails for the moment.
 */
public interface StepStore extends AutoCloseable {
    /**
     * Opens a store with the usual options; see {@link #open(URI, StoreOptions)}.
     *
     * @throws IllegalArgumentException if the URI does not name a store; the message says what is wrong with it
     * @throws StoreException if a directory cannot be used; an S3 bucket is not asked before the first call
     */
    static StepStore open(URI uri) {
        return open(uri, StoreOptions.defaults());
    }

    /**
     * Opens {@code s3://bucket/prefix} or {@code file:///dir} (made if it is missing). For S3-compatible servers,
     * parameters say how: {@code endpoint} (a URL), {@code region}, {@code path-style} ({@code true} or {@code false};
     * true by default with an endpoint) and {@code checksums} ({@code when-supported}, the default, or {@code
     * when-required} for stores that refuse the SDK's checksum trailers, as Ceph's does).
     *
     * <p>Credentials are never part of a URI: they come from the AWS SDK's default chain, or from the options.
     *
     * @throws IllegalArgumentException if the URI does not name a store; the message says what is wrong with it
     * @throws StoreException if a directory cannot be used; an S3 bucket is not asked before the first call
     */
    static StepStore open(URI uri, StoreOptions options) {
        return StoreOpener.open(uri, options);
    }

    /** Where this store is, as a URI without parameters. */
    URI location();

    /**
     * Stores steps, in parallel. The future completes when the fate of all is known, with one outcome per step in the
     * order given, and never exceptionally. Does not block: even hashing is done on the store's own threads.
     */
    CompletableFuture<List<StoreOutcome>> storeAsync(List<StepToStore> batch);

    /**
     * Stores captures and waits for it: one outcome per capture in the order given.
     *
     * @throws TransientStoreException if the thread is interrupted (its flag stays set); the captures may be stored or
     *     not, and it does no harm to store them again
     */
    default List<StoreOutcome> store(List<StepCapture> captures) {
        CompletableFuture<List<StoreOutcome>> outcomes =
                storeAsync(captures.stream().map(StepToStore::new).toList());
        try {
            return outcomes.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransientStoreException(
                    location().toString(), "", "interrupted while captures were stored; store them again", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a store's outcomes never complete exceptionally", e);
        }
    }

    /**
     * Tries whether the store takes objects, by writing a small one besides the steps, once. Completes with what is
     * wrong, or empty; never exceptionally.
     */
    CompletableFuture<Optional<StoreException>> probe();

    /**
     * The latest revision of a step; empty if there is none.
     *
     * @throws InvalidIdException if an id can not be one of a stored step
     * @throws StoreException if the store fails
     */
    Optional<StoredStep> load(String sessionId, String stepId);

    /**
     * A given revision of a step; empty if there is no such one.
     *
     * @throws InvalidIdException if an id can not be one of a stored step
     * @throws StoreException if the store fails
     */
    Optional<StoredStep> load(String sessionId, String stepId, Revision revision);

    /**
     * Loads many steps: several at once, as many as the options allow. One outcome per step, in the order given; that one
     * fails says nothing of the others. All commit records are in memory at once, so load no more than are needed.
     *
     * @throws StoreException if the store is closed or the thread is interrupted (its flag stays set)
     */
    default List<LoadOutcome> loadAll(List<StepAddress> steps) {
        return steps.stream()
                .map(step -> LoadOutcome.of(() -> step.revision().isEmpty()
                        ? load(step.sessionId(), step.stepId())
                        : load(step.sessionId(), step.stepId(), step.revision().get())))
                .toList();
    }

    /**
     * Sessions by day of capture, newest day first, then by encoded id. A session that spans days is listed on each of
     * them that the filter takes. A session may be listed a moment before its first step is readable.
     *
     * @throws IllegalArgumentException if the token is not one of this listing
     * @throws StoreException if the store fails
     */
    Page<SessionEntry> sessions(SessionFilter filter, PageRequest request);

    /** All sessions; see {@link #sessions(SessionFilter, PageRequest)}. */
    default Page<SessionEntry> sessions(PageRequest request) {
        return sessions(SessionFilter.ALL, request);
    }

    /**
     * The ids of sessions that begin with {@code idPrefix} (all, if it is empty), each once, in {@link KeyOrder#OF_IDS}. A
     * session may be listed a moment before its first step is readable.
     *
     * @throws IllegalArgumentException if the token is not one of this listing
     * @throws InvalidIdException if no id can begin with the prefix
     * @throws StoreException if the store fails
     */
    Page<String> sessionIds(String idPrefix, PageRequest request);

    /**
     * The steps of a session with the latest revision of each, by capture time. They are put in this order in memory, a
     * page at a time: up to 100,000 steps ({@link PageRequest#MAX_LIMIT}) fit one page, for which the session's keys are
     * read once. For every further page they are all read again.
     *
     * @throws IllegalArgumentException if the token is not one of this listing
     * @throws InvalidIdException if the id can not be one of a stored session
     * @throws StoreException if the store fails
     */
    Page<StepEntry> steps(String sessionId, PageRequest request);

    /**
     * All revisions of all steps of a session, in {@link KeyOrder#OF_REVISIONS}: every key is read once, however many pages
     * there are.
     *
     * @throws IllegalArgumentException if the token is not one of this listing
     * @throws InvalidIdException if the id can not be one of a stored session
     * @throws StoreException if the store fails
     */
    Page<StepEntry> revisions(String sessionId, PageRequest request);

    /**
     * The revisions of a step, oldest first.
     *
     * @throws IllegalArgumentException if the token is not one of this listing
     * @throws InvalidIdException if an id can not be one of a stored step
     * @throws StoreException if the store fails
     */
    Page<Revision> revisions(String sessionId, String stepId, PageRequest request);

    /**
     * What is missing of a session, as far as sequence numbers tell. Reads the commit records of all its captures. Of a
     * session that is not there no captures are counted.
     *
     * @throws InvalidIdException if the id can not be one of a stored session
     * @throws StoreException if the store fails, or a commit record is damaged
     */
    default Completeness completeness(String sessionId) {
        return SequenceNumbers.of(this, sessionId).completeness();
    }

    /**
     * Deletes a session for good. It is as if it had never been as soon as this has begun: no reader finds it, no writer
     * adds to it, also if a capture of it comes again. Once this returns, its objects are gone, but for those of writers
     * that are at it at this moment, which remove them themselves. After a failure, call it again.
     *
     * @return what was removed by this call
     * @throws SessionHeldException if a label holds it; nothing is removed then
     * @throws InvalidIdException if the id can not be one of a stored session
     * @throws StoreException if the store fails
     */
    Removed deleteSession(String sessionId);

    /**
     * Whether a session has been deleted.
     *
     * @throws InvalidIdException if the id can not be one of a stored session
     * @throws StoreException if the store fails
     */
    boolean isDeleted(String sessionId);

    /**
     * Waits a while for what is being stored, then lets go of connections and threads. Idempotent. Stores that are
     * asked for later fail with a transient failure.
     */
    @Override
    void close();
}

package io.stepvault.storage;

import io.stepvault.capture.Revision;
import io.stepvault.storage.object.ObjectLister;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.ObjectWriter;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.storage.retry.AsyncRetry;
import io.stepvault.storage.retry.BlockingRetry;
import io.stepvault.storage.retry.LimitedWriter;
import io.stepvault.storage.retry.PacedObjectStore;
import io.stepvault.storage.retry.RetryingWriter;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The step store over an object store, in the objects layout. Safe for any thread. */
public final class ObjectStepStore implements StepStore {
    private static final Logger log = LoggerFactory.getLogger(ObjectStepStore.class);
    private static final long CLOSE_SECONDS = 30;

    private final ObjectStore objects;
    private final StoreThreads threads;
    private final ObjectsLayout layout;
    private final StepWriter writer;
    private final StepListing listing;
    private final SessionListing sessions;
    private final ParallelCalls reads;
    private final StepLoader loader;
    private final Tombstones tombstones;
    private final SessionLifecycle lifecycle;
    // One permit is held by each call in flight, all by whoever has closed the store.
    private final Semaphore calls = new Semaphore(Integer.MAX_VALUE);
    private volatile boolean closed;

    /**
     * A step store in {@code objects}, which is closed with it.
     *
     * @param prefix what all keys begin with, without a slash at the end; may be empty
     * @throws IllegalArgumentException if the prefix has more than 200 characters or some that keys cannot have
     */
    public ObjectStepStore(ObjectStore objects, String prefix, StoreOptions options) {
        this(objects, new ObjectsLayout(prefix), options, StoreThreads.of(options));
    }

    ObjectStepStore(ObjectStore given, ObjectsLayout layout, StoreOptions options, StoreThreads threads) {
        ObjectStore objects = options.pace()
                .<ObjectStore>map(pace -> new PacedObjectStore(given, pace))
                .orElse(given);
        this.objects = objects;
        this.threads = threads;
        this.layout = layout;
        // A put that waits for its next attempt does not count as in flight: few failing ones hold up no others.
        ObjectWriter patient =
                new RetryingWriter(new LimitedWriter(objects, options.puts()), options.retry(), threads.scheduler());
        AsyncRetry lookups = new AsyncRetry(options.retry(), threads.scheduler());
        Preparation preparation = new Preparation(layout, options.compression(), objects::uriOf);
        this.writer = new StepWriter(patient, objects, preparation, options.clock(), threads.executor(), lookups);
        BlockingRetry retry = new BlockingRetry(options.retry());
        ObjectLister lister = request -> retry.call(() -> objects.list(request));
        this.tombstones = new Tombstones(objects, layout, retry);
        this.listing = new StepListing(lister, layout);
        this.sessions = new SessionListing(lister, layout, tombstones);
        this.reads = new ParallelCalls(location().toString(), "stepvault-store-read-", options.maxReadsInFlight());
        StepReader reader = new StepReader(
                objects,
                layout,
                new CheckedReader(objects, retry),
                new ArtifactReader(objects, retry, options.compression()));
        this.loader = new StepLoader(reader, listing, tombstones, reads);
        this.lifecycle = new SessionLifecycle(objects, layout, options.clock(), retry, () -> {});
    }

    @Override
    public URI location() {
        return objects.uriOf(layout.root());
    }

    @Override
    public CompletableFuture<List<StoreOutcome>> storeAsync(List<StepToStore> batch) {
        if (closed || !calls.tryAcquire()) {
            StoreOutcome failed = new StoreOutcome.Failed(closedException());
            return CompletableFuture.completedFuture(
                    batch.stream().map(step -> failed).toList());
        }
        return tracked(writer.store(batch));
    }

    @Override
    public CompletableFuture<Optional<StoreException>> probe() {
        if (closed || !calls.tryAcquire()) {
            return CompletableFuture.completedFuture(Optional.of(closedException()));
        }
        PutRequest request =
                new PutRequest(layout.probe(), "application/octet-stream", ByteBuffer.allocate(0), Map.of());
        return tracked(objects.put(request)
                .handle((nothing, failure) -> Optional.ofNullable(failure).map(writer::classified)));
    }

    /** Gives the call's permit back when it has ended. */
    private <T> CompletableFuture<T> tracked(CompletableFuture<T> future) {
        var unused = future.whenComplete((result, failure) -> calls.release());
        return future;
    }

    private StoreException closedException() {
        return new TransientStoreException(location().toString(), "", "the store is closed; open it again", null);
    }

    @Override
    public Optional<StoredStep> load(String sessionId, String stepId) {
        return loader.load(StepAddress.latest(sessionId, stepId));
    }

    @Override
    public Optional<StoredStep> load(String sessionId, String stepId, Revision revision) {
        return loader.load(new StepAddress(sessionId, stepId, Optional.of(revision)));
    }

    /** Each session's tombstone is looked for once. */
    @Override
    public List<LoadOutcome> loadAll(List<StepAddress> steps) {
        return loader.loadAll(steps);
    }

    @Override
    public Page<SessionEntry> sessions(SessionFilter filter, PageRequest request) {
        return sessions.byDay(filter, request);
    }

    @Override
    public Page<String> sessionIds(String idPrefix, PageRequest request) {
        return sessions.byId(idPrefix, request);
    }

    @Override
    public Page<StepEntry> steps(String sessionId, PageRequest request) {
        Page<StepEntry> steps = listing.steps(sessionId, request);
        return tombstones.isDeleted(sessionId) ? Page.empty() : steps;
    }

    @Override
    public Page<Revision> revisions(String sessionId, String stepId, PageRequest request) {
        Page<Revision> revisions = listing.revisions(sessionId, stepId, request);
        return tombstones.isDeleted(sessionId) ? Page.empty() : revisions;
    }

    @Override
    public Page<StepEntry> revisions(String sessionId, PageRequest request) {
        Page<StepEntry> revisions = listing.revisions(sessionId, request);
        return tombstones.isDeleted(sessionId) ? Page.empty() : revisions;
    }

    @Override
    public boolean isDeleted(String sessionId) {
        return tombstones.isDeleted(sessionId);
    }

    @Override
    public Removed deleteSession(String sessionId) {
        return lifecycle.delete(sessionId);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            if (!calls.tryAcquire(Integer.MAX_VALUE, CLOSE_SECONDS, TimeUnit.SECONDS)) {
                log.atWarn()
                        .addKeyValue("store", location())
                        .addKeyValue("callsInFlight", Integer.MAX_VALUE - calls.availablePermits())
                        .log("Closing the store while steps are being stored; they may fail");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        reads.close();
        objects.close();
        threads.close();
    }
}

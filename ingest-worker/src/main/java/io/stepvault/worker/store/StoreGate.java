package io.stepvault.worker.store;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.ObjectRefusedException;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.worker.flow.PipelineThread;
import io.stepvault.worker.flow.SessionBatch;
import io.stepvault.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Stands before the store: a circuit breaker that turns batches away while the store does not work, and a probe that
 * finds out whether it does, also when there is nothing to store.
 *
 * <p>Only the pipeline's thread may touch it.
 */
public final class StoreGate {
    private final CircuitBreaker breaker;
    private final StepWriter store;
    private final Duration probeInterval;
    private final PipelineThread thread;
    private final StoreHealth health;
    private final WorkerMetrics metrics;
    private final DeletedSessions deleted = new DeletedSessions();

    private final List<Consumer<Boolean>> toTell = new ArrayList<>();
    private boolean probing;
    private Instant nextProbe = Instant.MIN;
    private Instant lastStored = Instant.MIN;
    private Instant busyUntil = Instant.MIN;

    /** A gate before {@code store}, which is probed every {@code probeInterval} until it works. */
    public StoreGate(
            CircuitBreaker breaker,
            StepWriter store,
            Duration probeInterval,
            PipelineThread thread,
            StoreHealth health,
            WorkerMetrics metrics) {
        this.breaker = breaker;
        this.store = store;
        this.probeInterval = probeInterval;
        this.thread = thread;
        this.health = health;
        this.metrics = metrics;
    }

    /** Whether a batch may be tried now. If so, {@link #succeeded} or {@link #failed} must follow. */
    boolean tryEnter() {
        return breaker.tryAcquirePermission();
    }

    void succeeded(int steps, Duration took) {
        breaker.onSuccess(took.toNanos(), TimeUnit.NANOSECONDS);
        health.works();
        lastStored = thread.clock().instant();
        metrics.stepsStored(steps, took);
    }

    /** Captures of a batch were not stored because their session has been deleted. */
    void passedOver(SessionBatch batch, int captures) {
        metrics.sessionDeleted(captures);
        deleted.name(batch);
    }

    /**
     * Notes an attempt that failed, if only in part.
     *
     * @param stored how many of its captures were stored
     */
    void failed(StoreException cause, Duration took, int stored) {
        metrics.storeFailed(kind(cause));
        Instant now = thread.clock().instant();
        if (stored > 0) {
            lastStored = now;
        }
        if (isAboutOneObject(cause)) {
            // That says nothing against the store.
            breaker.releasePermission();
        } else if (isThrottled(cause) && !lastStored.isBefore(now.minus(took))) {
            // It takes what it can. A breaker would make that nothing.
            busyUntil = now.plus(probeInterval);
            if (stored > 0) {
                breaker.onSuccess(took.toNanos(), TimeUnit.NANOSECONDS);
                health.works();
            } else {
                breaker.releasePermission();
            }
        } else {
            breaker.onError(took.toNanos(), TimeUnit.NANOSECONDS, cause);
            health.fails(cause);
        }
    }

    /** Whether batches should not even try: they would be turned away for some time. */
    boolean isClosed() {
        return breaker.getState() == CircuitBreaker.State.OPEN;
    }

    /**
     * Whether the store works and has room, as far as is known, so that what waits on the disk may be brought back. Half
     * open will do: there may be nothing else to try it with.
     */
    boolean mayDrain() {
        return health.trouble().isEmpty() && !isClosed() && !isBusy();
    }

    /** Whether the store takes some objects and turned others away for want of room, not long ago. */
    boolean isBusy() {
        return thread.clock().instant().isBefore(busyUntil);
    }

    /** Finds out whether the store takes objects at this time, and tells that on the pipeline's thread. */
    void confirm(Consumer<Boolean> works) {
        toTell.add(works);
        if (!probing) {
            probe();
        }
    }

    void tick() {
        // A late success may have cleared the trouble while the breaker is open: then only a probe half opens it, since
        // nothing else may try.
        boolean isWanted = health.trouble().isPresent() || isClosed();
        if (isWanted && !probing && !thread.clock().instant().isBefore(nextProbe)) {
            probe();
        }
    }

    private void probe() {
        probing = true;
        nextProbe = thread.clock().instant().plus(probeInterval);
        var unused = store.probe()
                .thenAccept(failure -> thread.execute(() -> {
                    probing = false;
                    failure.ifPresentOrElse(health::fails, this::probeSucceeded);
                    List<Consumer<Boolean>> told = List.copyOf(toTell);
                    toTell.clear();
                    told.forEach(each -> each.accept(failure.isEmpty()));
                }));
    }

    /** Whether a failure is about one object, not about the store as a whole. */
    static boolean isAboutOneObject(StoreException cause) {
        return cause instanceof ObjectRefusedException;
    }

    /** Whether the store asked for fewer puts: that says nothing about the object or its capture. */
    static boolean isThrottled(StoreException cause) {
        return cause instanceof TransientStoreException e && e.isThrottled();
    }

    /** Whether the store has no room for it. */
    static boolean isFull(StoreException cause) {
        return cause instanceof TransientStoreException e && e.isFull();
    }

    /** Whether waiting alone will not mend it: a permission, credentials, or a bucket is missing. */
    static boolean operatorMustAct(StoreException cause) {
        return cause instanceof StoreAccessException;
    }

    private static String kind(StoreException cause) {
        if (isThrottled(cause)) {
            return "throttled";
        } else if (cause instanceof TransientStoreException) {
            return "transient";
        } else if (cause instanceof StoreAccessException) {
            return "access";
        } else if (cause instanceof ObjectRefusedException) {
            return "refused";
        } else if (cause instanceof ObjectNotFoundException) {
            return "not-found";
        } else if (cause instanceof ObjectCorruptException) {
            return "corrupt";
        }
        throw new AssertionError(cause); // the family is sealed, and these are all
    }

    private void probeSucceeded() {
        health.works();
        if (breaker.getState() == CircuitBreaker.State.OPEN) {
            breaker.transitionToHalfOpenState();
        }
    }
}

package io.stepvault.worker.store;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.ObjectRefusedException;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.worker.flow.PipelineThread;
import io.stepvault.worker.metrics.WorkerMetrics;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before the store: a circuit breaker that turns batches away while the store does not work, and a probe that
 * finds out whether it does, also when there is nothing to store.
 *
 * <p>Only the pipeline's thread may touch it.
 */
public final class StoreGate {
    private static final Logger log = LoggerFactory.getLogger(StoreGate.class);

    private final CircuitBreaker breaker;
    private final StepWriter store;
    private final Duration probeInterval;
    private final PipelineThread thread;
    private final StoreHealth health;
    private final WorkerMetrics metrics;

    private boolean probing;
    private Instant nextProbe = Instant.MIN;

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
        metrics.stepsStored(steps, took);
    }

    void failed(StoreException cause, Duration took) {
        metrics.storeFailed(kind(cause));
        if (isOutage(cause)) {
            breaker.onError(took.toNanos(), TimeUnit.NANOSECONDS, cause);
            health.fails(cause);
        } else {
            // It is about one object, which says nothing against the store.
            breaker.releasePermission();
            log.atError().addKeyValue("cause", cause.getMessage()).log("Store refuses a capture; its batch is held");
        }
    }

    void tick() {
        Instant now = thread.clock().instant();
        if (health.trouble().isEmpty() || probing || now.isBefore(nextProbe)) {
            return;
        }
        probing = true;
        nextProbe = now.plus(probeInterval);
        var unused = store.probe()
                .thenAccept(failure -> thread.execute(() -> {
                    probing = false;
                    failure.ifPresentOrElse(health::fails, this::probeSucceeded);
                }));
    }

    /** Whether a failure is about the store as a whole, not about one object. */
    private static boolean isOutage(StoreException cause) {
        return cause instanceof TransientStoreException || cause instanceof StoreAccessException;
    }

    /** Whether waiting alone will not mend it: a permission, credentials, or a bucket is missing. */
    static boolean operatorMustAct(StoreException cause) {
        return cause instanceof StoreAccessException;
    }

    private static String kind(StoreException cause) {
        if (cause instanceof TransientStoreException) {
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

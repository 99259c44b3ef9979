package io.stepvault.storage.retry;

import io.stepvault.storage.object.ObjectWriter;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.TransientStoreException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps at most so many puts in flight, and fewer while the store is overloaded; the others wait in the order they came,
 * blocking nobody. Safe for any thread.
 *
 * <p>What waits is not bounded here: its bytes are held by the captures that it belongs to, and those count against
 * the caller's budget.
 */
public final class LimitedWriter implements ObjectWriter {
    private static final Logger log = LoggerFactory.getLogger(LimitedWriter.class);

    private record Waiting(PutRequest request, CompletableFuture<Void> done) {}

    private record Begun(Waiting put, long number) {}

    private final ObjectWriter writer;
    private final PutLimits.Listener listener;

    // All below is guarded by the queue's monitor, which is never held while the writer or a future is called.
    private final Queue<Waiting> queue = new ArrayDeque<>();
    private final AdaptiveLimit limit;
    private int inFlight;
    private boolean hasReachedFloor;

    /** Lets at most so many puts of {@code writer} run at once. */
    public LimitedWriter(ObjectWriter writer, PutLimits limits) {
        this.writer = writer;
        this.listener = limits.listener();
        this.limit = new AdaptiveLimit(limits.max());
        listener.changed(0, limits.max());
    }

    @Override
    public CompletableFuture<Void> put(PutRequest request) {
        Waiting waiting = new Waiting(request, new CompletableFuture<>());
        synchronized (queue) {
            queue.add(waiting);
        }
        runWhatMay();
        return waiting.done;
    }

    /** Begins what waits, also what may when something has completed at once: in a loop, not on the stack. */
    private void runWhatMay() {
        for (Begun next = begin(); next != null; next = begin()) {
            Begun begun = next;
            CompletableFuture<Void> put = called(begun.put.request);
            if (put.isDone()) {
                var unused = put.whenComplete((nothing, failure) -> finish(begun, failure));
            } else {
                var unused = put.whenComplete((nothing, failure) -> {
                    finish(begun, failure);
                    runWhatMay();
                });
            }
        }
    }

    /** A writer that throws must not keep its place. */
    private CompletableFuture<Void> called(PutRequest request) {
        try {
            return writer.put(request);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The first that waits, if there is room for it. */
    private @Nullable Begun begin() {
        synchronized (queue) {
            if (queue.isEmpty() || inFlight >= limit.value()) {
                return null;
            }
            inFlight++;
            listener.changed(inFlight, limit.value());
            return new Begun(queue.remove(), limit.begin());
        }
    }

    private void finish(Begun begun, @Nullable Throwable failure) {
        synchronized (queue) {
            if (failure == null) {
                limit.succeeded(begun.number, inFlight);
            } else if (failure instanceof TransientStoreException e && e.isOverload()) {
                limit.overloaded(begun.number);
            }
            inFlight--;
            listener.changed(inFlight, limit.value());
            tell(failure);
        }
        if (failure == null) {
            begun.put.done.complete(null);
        } else {
            begun.put.done.completeExceptionally(failure);
        }
    }

    /** Once when the limit has come down all the way, and once when it is all the way up again. */
    private void tell(@Nullable Throwable cause) {
        if (!hasReachedFloor && limit.value() == 1 && limit.max() > 1) {
            hasReachedFloor = true;
            log.atWarn()
                    .addKeyValue("max", limit.max())
                    .addKeyValue("cause", cause == null ? "" : cause.getMessage())
                    .log("The store is overloaded; puts are made one at a time until it takes more");
        } else if (hasReachedFloor && limit.value() == limit.max()) {
            hasReachedFloor = false;
            log.atInfo().addKeyValue("max", limit.max()).log("The store takes as many puts at once as it may be given");
        }
    }
}

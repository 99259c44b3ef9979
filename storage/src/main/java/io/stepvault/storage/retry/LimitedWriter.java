package io.stepvault.storage.retry;

import io.stepvault.storage.object.ObjectWriter;
import io.stepvault.storage.object.PutRequest;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Keeps at most so many puts in flight; the others wait in the order they came, blocking nobody. Safe for any thread.
 *
 * <p>What waits is not bounded here: its bytes are held by the captures that it belongs to, and those count against
 * the caller's budget.
 */
public final class LimitedWriter implements ObjectWriter {
    private record Waiting(PutRequest request, CompletableFuture<Void> done) {}

    private final ObjectWriter writer;
    private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final Semaphore free;

    /** Lets at most {@code maxInFlight} puts of {@code writer} run at once. */
    public LimitedWriter(ObjectWriter writer, int maxInFlight) {
        if (maxInFlight < 1) {
            throw new IllegalArgumentException("at least 1 put in flight is needed, not " + maxInFlight);
        }
        this.writer = writer;
        this.free = new Semaphore(maxInFlight);
    }

    @Override
    public CompletableFuture<Void> put(PutRequest request) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        queue.add(new Waiting(request, done));
        run(take());
        return done;
    }

    /** The first that waits, with its permit, if there is one for it. */
    private @Nullable Waiting take() {
        while (!queue.isEmpty() && free.tryAcquire()) {
            Waiting next = queue.poll();
            if (next != null) {
                return next;
            }
            // Another thread was faster. It may have seen no permit because this one held it: look again.
            free.release();
        }
        return null;
    }

    /** Puts {@code next}, and those after it for as long as puts complete at once: in a loop, not on the stack. */
    private void run(@Nullable Waiting next) {
        while (next != null) {
            Waiting current = next;
            CompletableFuture<Void> put = writer.put(current.request);
            if (!put.isDone()) {
                var unused = put.whenComplete((nothing, failure) -> {
                    finish(current, failure);
                    run(take());
                });
                return;
            }
            var unused = put.whenComplete((nothing, failure) -> finish(current, failure));
            next = take();
        }
    }

    private void finish(Waiting waiting, @Nullable Throwable failure) {
        free.release();
        if (failure == null) {
            waiting.done.complete(null);
        } else {
            waiting.done.completeExceptionally(failure);
        }
    }
}

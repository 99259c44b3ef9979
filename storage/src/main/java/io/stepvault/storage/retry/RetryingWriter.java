package io.stepvault.storage.retry;

import io.github.resilience4j.retry.Retry;
import io.stepvault.storage.object.ObjectWriter;
import io.stepvault.storage.object.PutRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Puts again what failed for the moment, without blocking a thread in between. Safe for any thread.
 *
 * <p>It steps Resilience4j's retry by hand where {@code Retry.decorateCompletionStage} would do nearly the same: that
 * never completes its promise when the scheduler, being shut down, refuses the next attempt.
 */
public final class RetryingWriter implements ObjectWriter {
    private final ObjectWriter writer;
    private final Retry retry;
    private final ScheduledExecutorService scheduler;

    /** Retries the puts of {@code writer}; the attempts after the first are made on {@code scheduler}. */
    public RetryingWriter(ObjectWriter writer, RetryOptions options, ScheduledExecutorService scheduler) {
        this.writer = writer;
        this.retry = options.retry("store-put");
        this.scheduler = scheduler;
    }

    @Override
    public CompletableFuture<Void> put(PutRequest request) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        attempt(request, retry.asyncContext(), done);
        return done;
    }

    private void attempt(PutRequest request, Retry.AsyncContext<Void> context, CompletableFuture<Void> done) {
        var unused = writer.put(request).whenComplete((nothing, failure) -> {
            if (failure == null) {
                context.onComplete();
                done.complete(null);
                return;
            }
            long intervalMillis = context.onError(failure);
            if (intervalMillis < 0) {
                done.completeExceptionally(failure);
                return;
            }
            try {
                var unusedTask = scheduler.schedule(
                        () -> attempt(request, context, done), intervalMillis, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closed) {
                done.completeExceptionally(failure);
            }
        });
    }
}

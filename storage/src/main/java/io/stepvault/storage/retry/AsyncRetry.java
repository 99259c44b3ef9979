package io.stepvault.storage.retry;

import io.github.resilience4j.retry.Retry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Makes a call again that failed for the moment, without blocking a thread in between. Safe for any thread.
 *
 * <p>Steps Resilience4j's retry by hand for the reason that {@link RetryingWriter} gives.
 */
public final class AsyncRetry {
    private final Retry retry;
    private final ScheduledExecutorService scheduler;

    /** Retries as {@code options} say; the attempts after the first are begun on {@code scheduler}. */
    public AsyncRetry(RetryOptions options, ScheduledExecutorService scheduler) {
        this.retry = options.retry("store-lookup");
        this.scheduler = scheduler;
    }

    /** Completes as the first attempt that succeeds, or as the last. What {@code call} throws is a failed attempt. */
    public <T> CompletableFuture<T> call(Supplier<CompletableFuture<T>> call) {
        CompletableFuture<T> done = new CompletableFuture<>();
        attempt(call, retry.asyncContext(), done);
        return done;
    }

    private <T> void attempt(
            Supplier<CompletableFuture<T>> call, Retry.AsyncContext<T> context, CompletableFuture<T> done) {
        var unused = begin(call).whenComplete((result, thrown) -> {
            if (thrown == null) {
                context.onComplete();
                done.complete(result);
                return;
            }
            Throwable failure =
                    thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
            long intervalMillis = context.onError(failure);
            if (intervalMillis < 0) {
                done.completeExceptionally(failure);
                return;
            }
            try {
                var unusedTask =
                        scheduler.schedule(() -> attempt(call, context, done), intervalMillis, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closed) {
                done.completeExceptionally(failure);
            }
        });
    }

    private static <T> CompletableFuture<T> begin(Supplier<CompletableFuture<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}

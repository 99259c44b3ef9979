package io.stepvault.storage.retry;

import io.github.resilience4j.retry.Retry;
import io.stepvault.storage.object.StoreException;
import java.util.function.Supplier;

/**
 * Makes a blocking call again that failed for the moment, sleeping in between. An interrupt ends it with the failure at
 * hand, the interrupt flag set: Resilience4j's own blocking decorators lose the flag. Safe for any thread.
 */
public final class BlockingRetry {
    private final Retry retry;

    /** Retries as {@code options} say. */
    public BlockingRetry(RetryOptions options) {
        this.retry = options.retry("store-read");
    }

    /**
     * Makes the call until it succeeds.
     *
     * @throws StoreException what the last attempt threw
     */
    public <T> T call(Supplier<T> call) {
        Retry.AsyncContext<T> context = retry.asyncContext();
        while (true) {
            try {
                T result = call.get();
                context.onComplete();
                return result;
            } catch (StoreException e) {
                long intervalMillis = context.onError(e);
                if (intervalMillis < 0 || !slept(intervalMillis)) {
                    throw e;
                }
            }
        }
    }

    private static boolean slept(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}

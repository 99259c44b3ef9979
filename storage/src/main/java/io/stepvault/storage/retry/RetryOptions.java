package io.stepvault.storage.retry;

import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import io.stepvault.storage.object.TransientStoreException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How a failed call is tried again: after {@code firstInterval}, then twice as long each time up to {@code maxInterval},
 * each interval between half of that and the whole, at random. Only what may succeed later is tried again.
 *
 * @param maxAttempts how often a call is made in all, at least 1
 * @param firstInterval at least 1 ms
 * @param maxInterval at least {@code firstInterval}
 * @param random for the jitter; must be safe for any thread
 * @param registry where the retries are entered as {@code store-put} and {@code store-read}, for metrics; those of
 *     a second store in the same registry end in {@code -2}
 */
public record RetryOptions(
        int maxAttempts, Duration firstInterval, Duration maxInterval, RandomGenerator random, RetryRegistry registry) {

    /** Checks the bounds. */
    public RetryOptions {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("at least 1 attempt is needed, not " + maxAttempts);
        }
        if (firstInterval.toMillis() < 1 || maxInterval.compareTo(firstInterval) < 0) {
            throw new IllegalArgumentException(
                    "retry intervals go from at least 1 ms up, not from " + firstInterval + " to " + maxInterval);
        }
    }

    /** Four attempts, 100 ms to 5 s apart. */
    public static RetryOptions defaults() {
        return new RetryOptions(
                4, Duration.ofMillis(100), Duration.ofSeconds(5), new SecureRandom(), RetryRegistry.ofDefaults());
    }

    /** The same with another number of attempts; 1 means that nothing is tried again. */
    public RetryOptions withMaxAttempts(int attempts) {
        return new RetryOptions(attempts, firstInterval, maxInterval, random, registry);
    }

    /** The same with other intervals. */
    public RetryOptions withIntervals(Duration first, Duration max) {
        return new RetryOptions(maxAttempts, first, max, random, registry);
    }

    /** The same with another source of jitter. */
    public RetryOptions withRandom(RandomGenerator other) {
        return new RetryOptions(maxAttempts, firstInterval, maxInterval, other, registry);
    }

    /** The same, entered in another registry. */
    public RetryOptions withRegistry(RetryRegistry other) {
        return new RetryOptions(maxAttempts, firstInterval, maxInterval, random, other);
    }

    Retry retry(String name) {
        RetryConfig config = RetryConfig.custom()
                .maxAttempts(maxAttempts)
                .retryOnException(TransientStoreException.class::isInstance)
                .intervalFunction(this::intervalMillis)
                .build();
        // A registry gives back what it has under a name, whatever its configuration: each store needs one of its own.
        Retry retry = registry.retry(name, config);
        for (int n = 2; retry.getRetryConfig() != config; n++) {
            retry = registry.retry(name + "-" + n, config);
        }
        return retry;
    }

    /** The interval after the failed attempt number {@code attempt}, counted from 1. */
    long intervalMillis(int attempt) {
        long doubled = firstInterval.toMillis() << Math.min(attempt - 1, 20);
        long whole = Math.min(doubled, maxInterval.toMillis());
        return Math.max(1, whole / 2 + (long) (random.nextDouble() * (whole - whole / 2.0)));
    }
}

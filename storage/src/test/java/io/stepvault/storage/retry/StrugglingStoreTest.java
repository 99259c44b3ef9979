package io.stepvault.storage.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.TransientStoreException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store that refuses what is too much for it, always with more to be put than it takes, in simulated time. */
class StrugglingStoreTest {
    private static final int MAX = 64;
    private static final int DEMAND = 400;
    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final double MEAN_LATENCY_SECONDS = 0.030;

    private final SimulatedTime time = new SimulatedTime();
    private final SplittableRandom random = new SplittableRandom(42);
    private final PutRequest object = new PutRequest("k", "text/plain", ByteBuffer.allocate(1), Map.of());

    // The store: either it takes so many puts at once, or so many a second.
    private int capacity = Integer.MAX_VALUE;
    private double perSecond = Double.POSITIVE_INFINITY;
    private int slowness = 1;
    private boolean asksToSlowDown = true;
    private int active;
    private double tokens;
    private long tokensAt;

    private long stored;
    private long refused;
    private long givenUp;
    private int limit;

    private CompletableFuture<Void> put(PutRequest request) {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        boolean isFull = active >= capacity || !hasToken();
        if (isFull) {
            time.after(4, () -> {
                refused++;
                answer.completeExceptionally(
                        asksToSlowDown
                                ? TransientStoreException.throttled("test:", request.key(), null)
                                : new TransientStoreException("test:", request.key(), "failed", null));
            });
        } else {
            active++;
            time.after(slowness * random.nextLong(20, 41), () -> {
                active--;
                stored++;
                answer.complete(null);
            });
        }
        return answer;
    }

    /** A bucket of tokens for a tenth of a second. */
    private boolean hasToken() {
        if (Double.isInfinite(perSecond)) {
            return true;
        }
        tokens = Math.min(perSecond / 10, tokens + (time.now() - tokensAt) * perSecond / SECOND);
        tokensAt = time.now();
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    private void beginLoad() {
        RetryOptions retry = new RetryOptions(
                4,
                Duration.ofMillis(100),
                Duration.ofSeconds(5),
                random.split(),
                RetryOptions.defaults().registry());
        RetryingWriter writer = new RetryingWriter(
                new LimitedWriter(this::put, new PutLimits(MAX, (inFlight, now) -> limit = now)), retry, time);
        for (int line = 0; line < DEMAND; line++) {
            time.after(0, () -> putForEver(writer));
        }
    }

    private void putForEver(RetryingWriter writer) {
        var unused = writer.put(object).whenComplete((nothing, failure) -> {
            givenUp += failure == null ? 0 : 1;
            time.after(0, () -> putForEver(writer));
        });
    }

    /** What happens meanwhile: stored per second, and the refused share of all puts. */
    private Seen during(long millis) {
        long storedBefore = stored;
        long refusedBefore = refused;
        time.runUntil(time.now() + millis);
        double more = stored - storedBefore;
        double turnedAway = refused - refusedBefore;
        return new Seen(more * SECOND / millis, turnedAway / (more + turnedAway));
    }

    private record Seen(double storedPerSecond, double refusedShare) {}

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 16, 40})
    void aStoreAtItsCapacityIsKeptBusyAndHardlyEverRefuses(int takesAtOnce) {
        capacity = takesAtOnce;
        beginLoad();
        time.runUntil(5 * SECOND);

        Seen seen = during(MINUTE);

        assertThat(seen.refusedShare).isLessThan(0.03);
        assertThat(seen.storedPerSecond).isGreaterThan(0.9 * takesAtOnce / MEAN_LATENCY_SECONDS);
        assertThat(givenUp).isZero();
    }

    /** The control: the same store, whose refusals are not known to be of its load. */
    @Test
    void aLimitThatDoesNotAdaptHammersAndGivesUp() {
        capacity = 16;
        asksToSlowDown = false;
        beginLoad();
        time.runUntil(5 * SECOND);

        Seen seen = during(5 * SECOND);

        assertThat(limit).isEqualTo(MAX);
        assertThat(seen.refusedShare).isGreaterThan(0.8);
        assertThat(givenUp).isGreaterThan(stored);
    }

    /** As S3 does it: so many requests a second, refused at once beyond that. */
    @ParameterizedTest
    @ValueSource(ints = {250, 500, 1_000})
    void aStoreThatCountsRequestsPerSecondIsUsedUpToo(int takesPerSecond) {
        perSecond = takesPerSecond;
        beginLoad();
        time.runUntil(5 * SECOND);

        Seen seen = during(MINUTE);

        assertThat(seen.refusedShare).isLessThan(0.03);
        assertThat(seen.storedPerSecond).isGreaterThan(0.9 * takesPerSecond);
        assertThat(givenUp).isZero();
    }

    @Test
    void isBackAtItsMaximumSecondsAfterTheStoreHasRecovered() {
        capacity = 2;
        beginLoad();
        time.runUntil(MINUTE);
        assertThat(limit).isLessThanOrEqualTo(3);

        capacity = Integer.MAX_VALUE;
        time.runUntil(MINUTE + 10 * SECOND);

        assertThat(limit).isEqualTo(MAX);
    }

    @Test
    void aSlowStoreThatRefusesNothingIsGivenAllItIsAllowed() {
        beginLoad();
        time.runUntil(SECOND);
        slowness = 20;

        Seen seen = during(MINUTE);

        assertThat(limit).isEqualTo(MAX);
        assertThat(seen.storedPerSecond).isGreaterThan(0.9 * MAX / (20 * MEAN_LATENCY_SECONDS));
    }
}

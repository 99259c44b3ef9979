package io.stepvault.storage.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.resilience4j.retry.RetryRegistry;
import io.stepvault.storage.memory.Fault;
import io.stepvault.storage.memory.InMemoryObjectStore;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.object.TransientStoreException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.AfterProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetriesTest {
    private static final RetryOptions OPTIONS =
            RetryOptions.defaults().withIntervals(Duration.ofMillis(1), Duration.ofMillis(2));

    private final InMemoryObjectStore store = new InMemoryObjectStore();
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    @AfterProperty
    void end() {
        scheduler.shutdownNow();
    }

    @Test
    void putsAgainUpToTheLimit() {
        store.failNext(3, Fault.TRANSIENT);
        new RetryingWriter(store, OPTIONS, scheduler).put(object("a")).join();
        assertThat(store.puts()).hasSize(4);

        store.failNext(4, Fault.THROTTLED);
        CompletableFuture<Void> failed = new RetryingWriter(store, OPTIONS, scheduler).put(object("b"));

        assertThatThrownBy(failed::join).hasCauseInstanceOf(TransientStoreException.class);
        assertThat(store.puts()).hasSize(8);
        assertThat(store.contents()).doesNotContainKey("b");
    }

    @Test
    void putsNothingAgainThatIsDenied() {
        store.failNext(1, Fault.DENIED);

        CompletableFuture<Void> failed = new RetryingWriter(store, OPTIONS, scheduler).put(object("a"));

        assertThatThrownBy(failed::join).hasCauseInstanceOf(StoreAccessException.class);
        assertThat(store.puts()).hasSize(1);
    }

    @Test
    void givesUpWhenTheSchedulerIsClosed() {
        scheduler.shutdown();
        store.failNext(1, Fault.TRANSIENT);

        CompletableFuture<Void> failed = new RetryingWriter(store, OPTIONS, scheduler).put(object("a"));

        assertThatThrownBy(failed::join).hasCauseInstanceOf(TransientStoreException.class);
    }

    @Test
    void entersItsRetriesInTheRegistry() {
        RetryRegistry registry = RetryRegistry.ofDefaults();
        store.failNext(1, Fault.TRANSIENT);

        new RetryingWriter(store, OPTIONS.withRegistry(registry), scheduler)
                .put(object("a"))
                .join();

        assertThat(registry.retry("store-put").getMetrics().getNumberOfSuccessfulCallsWithRetryAttempt())
                .isEqualTo(1);
    }

    @Test
    void givesEachStoreARetryOfItsOwn() {
        RetryRegistry registry = RetryRegistry.ofDefaults();
        RetryOptions options = OPTIONS.withRegistry(registry);

        assertThat(options.retry("store-put").getName()).isEqualTo("store-put");
        assertThat(options.withMaxAttempts(9).retry("store-put"))
                .satisfies(second -> assertThat(second.getName()).isEqualTo("store-put-2"))
                .satisfies(second ->
                        assertThat(second.getRetryConfig().getMaxAttempts()).isEqualTo(9));
    }

    @Test
    void callsAgainAndBlocksMeanwhile() {
        store.failNext(3, Fault.TRANSIENT);
        assertThat(new BlockingRetry(OPTIONS).call(() -> store.head("a"))).isEmpty();

        store.failNext(1, Fault.DENIED);
        assertThatThrownBy(() -> new BlockingRetry(OPTIONS).call(() -> store.head("a")))
                .isInstanceOf(StoreAccessException.class);
    }

    @Test
    void stopsCallingWhenInterruptedAndKeepsTheFlag() {
        store.failNext(1, Fault.TRANSIENT);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> new BlockingRetry(OPTIONS).call(() -> store.head("a")))
                .isInstanceOf(TransientStoreException.class);

        assertThat(Thread.interrupted()).isTrue();
    }

    @Property
    void waitsLongerEachTimeWithinBounds(
            @ForAll @IntRange(min = 1, max = 1_000) int attempt,
            @ForAll @LongRange(min = 1, max = 100_000) long first,
            @ForAll @LongRange(min = 0, max = 100_000) long more,
            @ForAll long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        RetryOptions options = OPTIONS.withIntervals(Duration.ofMillis(first), Duration.ofMillis(first + more))
                .withRandom(random);

        long interval = options.intervalMillis(attempt);

        double whole = Math.min(first * Math.pow(2, attempt - 1), (double) (first + more));
        assertThat(interval).isBetween(Math.max(1, (long) whole / 2), Math.max(1, (long) whole));
    }

    @Test
    void countsNoPutThatWaitsForItsNextAttempt() {
        store.failNext(1, key -> key.equals("failing"), Fault.TRANSIENT);
        RetryOptions patient = OPTIONS.withIntervals(Duration.ofHours(1), Duration.ofHours(1));
        RetryingWriter writer = new RetryingWriter(new LimitedWriter(store, PutLimits.of(1)), patient, scheduler);

        CompletableFuture<Void> waiting = writer.put(object("failing"));
        writer.put(object("other")).join();

        assertThat(waiting).isNotDone();
    }

    private static PutRequest object(String key) {
        return new PutRequest(key, "text/plain", ByteBuffer.allocate(1), Map.of());
    }
}

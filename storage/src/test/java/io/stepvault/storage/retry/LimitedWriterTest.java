package io.stepvault.storage.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.storage.memory.Fault;
import io.stepvault.storage.memory.InMemoryObjectStore;
import io.stepvault.storage.object.ObjectRefusedException;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.TransientStoreException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class LimitedWriterTest {
    @Test
    void letsSoManyPutsRunAtOnceAndTheOthersWaitInOrder() {
        Queue<Runnable> running = new ArrayDeque<>();
        InMemoryObjectStore stepped = new InMemoryObjectStore(Clock.systemUTC(), running::add);
        LimitedWriter limited = new LimitedWriter(stepped, PutLimits.of(3));

        List<CompletableFuture<Void>> puts = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            puts.add(limited.put(object("k" + i)));
        }

        assertThat(running).hasSize(3);
        stepped.failNext(1, Fault.DENIED);
        while (!running.isEmpty()) {
            assertThat(running).hasSizeLessThanOrEqualTo(3);
            running.remove().run();
        }
        assertThat(stepped.puts()).hasSize(10).isSorted();
        assertThat(puts).allMatch(CompletableFuture::isDone);
        assertThat(puts.get(0)).isCompletedExceptionally();
        assertThat(puts.subList(1, 10)).noneMatch(CompletableFuture::isCompletedExceptionally);
    }

    /** Ten thousand puts that wait, then complete at once, one by the end of the other: on the stack that overflows. */
    @Test
    void startsManyWaitingPutsWithoutNesting() {
        AtomicInteger calls = new AtomicInteger();
        CompletableFuture<Void> first = new CompletableFuture<>();
        LimitedWriter limited = new LimitedWriter(
                request -> calls.getAndIncrement() == 0 ? first : CompletableFuture.completedFuture(null),
                PutLimits.of(1));
        List<CompletableFuture<Void>> puts = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            puts.add(limited.put(object("k")));
        }

        first.complete(null);

        assertThat(puts).allMatch(CompletableFuture::isDone);
    }

    @Test
    void aWriterThatThrowsGivesItsPlaceBack() {
        LimitedWriter limited = new LimitedWriter(
                request -> {
                    throw new IllegalStateException("closed");
                },
                PutLimits.of(1));

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(limited.put(object("k"))::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(IllegalStateException.class);
        }
    }

    /** Whatever is answered, and in whatever order: no place is lost, none given twice, and none is jumped. */
    @Property
    void everyPutIsMadeOnceInOrderWithinTheLimit(
            @ForAll @IntRange(min = 1, max = 70) int max,
            @ForAll @IntRange(min = 1, max = 500) int count,
            @ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        AnsweredByTest store = new AnsweredByTest();
        Figures figures = new Figures(max);
        LimitedWriter limited = new LimitedWriter(store::put, new PutLimits(max, figures));
        List<CompletableFuture<Void>> puts = new ArrayList<>();

        while (puts.size() < count || !store.inFlight.isEmpty()) {
            if (puts.size() < count && random.nextInt(3) > 0) {
                puts.add(limited.put(object("k" + puts.size())));
            }
            if (!store.inFlight.isEmpty() && random.nextBoolean()) {
                answer(store.inFlight.remove(random.nextInt(store.inFlight.size())), random);
            }
            assertThat(figures.inFlight).isEqualTo(store.inFlight.size());
            assertThat(figures.limit).isBetween(1, max);
            long waiting = puts.stream().filter(put -> !put.isDone()).count() - store.inFlight.size();
            assertThat(waiting == 0 || store.inFlight.size() >= figures.limit)
                    .as("a put waits only for a place")
                    .isTrue();
        }

        assertThat(puts).hasSize(count).allMatch(CompletableFuture::isDone);
        assertThat(store.begun).hasSize(count);
        for (int i = 0; i < count; i++) {
            assertThat(store.begun.get(i)).isEqualTo("k" + i);
        }
        // A store that takes all gets all again.
        for (int i = 0; figures.limit < max; i++) {
            assertThat(i).as("successes until the limit is up again").isLessThan(max * 100);
            while (store.inFlight.size() < figures.limit) {
                var unused = limited.put(object("more"));
            }
            store.inFlight.remove(0).complete(null);
        }
    }

    @Test
    void losesNoPlaceBetweenThreads() {
        int max = 8;
        AtomicInteger active = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Figures figures = new Figures(max);
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            LimitedWriter limited = new LimitedWriter(
                    request -> {
                        most.accumulateAndGet(active.incrementAndGet(), Math::max);
                        CompletableFuture<Void> answer = new CompletableFuture<>();
                        threads.execute(() -> {
                            active.decrementAndGet();
                            answer(answer, new SplittableRandom(request.key().hashCode()));
                        });
                        return answer;
                    },
                    new PutLimits(max, figures));

            List<CompletableFuture<Void>> puts = IntStream.range(0, 20_000)
                    .parallel()
                    .mapToObj(number -> limited.put(object("k" + number)))
                    .toList();

            assertThat(puts)
                    .allSatisfy(put ->
                            assertThat(put.handle((nothing, failure) -> true)).succeedsWithin(Duration.ofMinutes(1)));
            assertThat(most).hasValueLessThanOrEqualTo(max);
            assertThat(figures.inFlight).isZero();
        } finally {
            threads.shutdown();
        }
    }

    private static void answer(CompletableFuture<Void> put, SplittableRandom random) {
        switch (random.nextInt(6)) {
            case 0 -> put.completeExceptionally(TransientStoreException.throttled("test:", "k", null));
            case 1 -> put.completeExceptionally(TransientStoreException.timedOut("test:", "k", null));
            case 2 -> put.completeExceptionally(new ObjectRefusedException("test:", "k", "no", null));
            default -> put.complete(null);
        }
    }

    private static final class AnsweredByTest {
        final List<String> begun = new ArrayList<>();
        final List<CompletableFuture<Void>> inFlight = new ArrayList<>();

        CompletableFuture<Void> put(PutRequest request) {
            CompletableFuture<Void> answer = new CompletableFuture<>();
            begun.add(request.key());
            inFlight.add(answer);
            return answer;
        }
    }

    private static final class Figures implements PutLimits.Listener {
        volatile int inFlight;
        volatile int limit;

        Figures(int max) {
            this.limit = max;
        }

        @Override
        public void changed(int nowInFlight, int nowLimit) {
            inFlight = nowInFlight;
            limit = nowLimit;
        }
    }

    private static PutRequest object(String key) {
        return new PutRequest(key, "text/plain", ByteBuffer.allocate(1), Map.of());
    }
}

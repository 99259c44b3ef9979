package io.stepvault.worker.commit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a thread of ours waits for brokers: it asks again until they answer, and says meanwhile what it waits for. Each
 * call is a task of its own on that thread, so that nothing but a call of Kafka's client ever blocks it.
 *
 * <p>Safe for any thread. Once the thread has been shut down, what waits is never answered.
 */
final class Patience {
    private static final Logger log = LoggerFactory.getLogger(Patience.class);
    private static final int LONGEST = 30;

    private final ScheduledExecutorService thread;
    private final Duration first;
    private final RandomGenerator jitter;
    private volatile @Nullable String trouble;

    /** Pauses {@code first} at first, then twice as long each time, up to thirty times. */
    Patience(ScheduledExecutorService thread, Duration first, RandomGenerator jitter) {
        this.thread = thread;
        this.first = first;
        this.jitter = jitter;
    }

    /** Calls once. */
    <T> CompletableFuture<T> call(Supplier<T> call) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        after(0, () -> {
            try {
                answer.complete(call.get());
            } catch (RuntimeException | Error e) {
                answer.completeExceptionally(e);
            }
        });
        return answer;
    }

    /**
     * Calls until there is an answer.
     *
     * @param task what is done, to be read after "while": one call of it may block
     * @param passing failures after which it is called again; the answer fails with any other
     */
    <T> CompletableFuture<T> insist(String task, Class<? extends RuntimeException> passing, Supplier<T> call) {
        Request<T> request = new Request<>(task, passing, call, new CompletableFuture<>());
        after(0, () -> attempt(request, 0));
        return request.answer;
    }

    private record Request<T>(
            String task, Class<? extends RuntimeException> passing, Supplier<T> call, CompletableFuture<T> answer) {}

    private <T> void attempt(Request<T> request, int failures) {
        T answer;
        try {
            answer = request.call.get();
        } catch (RuntimeException e) {
            if (!request.passing.isInstance(e)) {
                trouble = null;
                request.answer.completeExceptionally(e);
                return;
            }
            if (failures == 0) {
                log.atWarn()
                        .addKeyValue("while", request.task)
                        .addKeyValue("cause", e.toString())
                        .log("Brokers don't answer; asking again until they do");
            }
            trouble = request.task + ": " + e.getMessage();
            // A call that timed out has waited already.
            after(
                    pauseMillis(e instanceof TimeoutException ? 0 : Math.min(failures, 2)),
                    () -> attempt(request, failures + 1));
            return;
        } catch (Error e) {
            request.answer.completeExceptionally(e);
            return;
        }
        if (failures > 0) {
            trouble = null;
            log.atInfo().addKeyValue("while", request.task).log("Brokers answer again");
        }
        request.answer.complete(answer);
    }

    /**
     * Waits, with jitter.
     *
     * @param times how often it was waited for the same thing before
     */
    @SuppressWarnings("NullAway") // a future of nothing completes with null
    CompletableFuture<Void> pause(int times) {
        CompletableFuture<Void> over = new CompletableFuture<>();
        after(pauseMillis(times), () -> over.complete(null));
        return over;
    }

    private long pauseMillis(int times) {
        long longest = first.toMillis() * Math.min(LONGEST, 1L << Math.min(times, 10));
        return jitter.nextLong(longest / 2, longest + 1);
    }

    private void after(long millis, Runnable task) {
        try {
            var unused = thread.schedule(task, millis, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.atDebug().log("The committer was closed; nothing is asked any more");
        }
    }

    /** Notes what is waited for, or nothing. */
    void say(@Nullable String what) {
        trouble = what;
    }

    /** What is waited for, in words for an operator. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }
}

package io.stepvault.worker.commit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a thread of ours waits for brokers: it asks again until they answer or the wait is ended, and says meanwhile what
 * it waits for. One thread waits; any may end it or ask what it waits for.
 */
final class Patience {
    private static final Logger log = LoggerFactory.getLogger(Patience.class);
    private static final int LONGEST = 30;

    private final Duration first;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable String trouble;

    /** Pauses {@code first} at first, then twice as long each time, up to thirty times. */
    Patience(Duration first) {
        this.first = first;
    }

    /** The wait was ended before there was an answer. */
    static final class EndedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        EndedException(String waitedFor) {
            super("closed while " + waitedFor);
        }
    }

    /**
     * Calls until there is an answer.
     *
     * @param task what is done, to be read after "while": one call of it may block
     * @param passing failures after which it is called again; others are thrown
     * @throws EndedException if {@link #end} is called first
     */
    <T> T insist(String task, Class<? extends RuntimeException> passing, Supplier<T> call) {
        for (int failures = 0; ; failures++) {
            try {
                T answer = call.get();
                if (failures > 0) {
                    trouble = null;
                    log.atInfo().addKeyValue("while", task).log("Brokers answer again");
                }
                return answer;
            } catch (RuntimeException e) {
                if (!passing.isInstance(e) || e instanceof EndedException) {
                    trouble = null;
                    throw e;
                }
                if (failures == 0) {
                    log.atWarn()
                            .addKeyValue("while", task)
                            .addKeyValue("cause", e.toString())
                            .log("Brokers don't answer; asking again until they do");
                }
                trouble = task + ": " + e.getMessage();
                // A call that timed out has waited already.
                pause(task, e instanceof TimeoutException ? 0 : Math.min(failures, 2));
            }
        }
    }

    /**
     * Waits, with jitter.
     *
     * @param times how often it was waited for the same thing before
     * @throws EndedException if {@link #end} is called meanwhile, or was before
     */
    void pause(String task, int times) {
        long longest = first.toMillis() * Math.min(LONGEST, 1L << Math.min(times, 10));
        long millis = ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
        try {
            if (ended.await(millis, TimeUnit.MILLISECONDS)) {
                throw new EndedException(task);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EndedException(task);
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

    /** Ends this wait and any that would follow. */
    void end() {
        ended.countDown();
    }
}

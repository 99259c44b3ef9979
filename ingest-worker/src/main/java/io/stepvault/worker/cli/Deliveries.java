package io.stepvault.worker.cli;

import io.stepvault.producer.Acknowledgement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Which of the captures handed to a publisher the brokers have. Safe for any thread. */
final class Deliveries {
    private final Clock clock;
    private final Deque<String> failures = new ArrayDeque<>();
    private long acknowledged;
    private long acknowledgedBytes;
    private long failed;
    private long failedBytes;
    private long waiting;
    private long waitingBytes;
    private Instant lastNews;

    /**
     * A count at one moment.
     *
     * @param acknowledged captures that the brokers have
     * @param acknowledgedBytes their bytes
     * @param failed captures that will not get there
     * @param failedBytes their bytes
     * @param waiting captures on their way
     * @param waitingBytes their bytes
     */
    record Count(
            long acknowledged,
            long acknowledgedBytes,
            long failed,
            long failedBytes,
            long waiting,
            long waitingBytes) {}

    Deliveries(Clock clock) {
        this.clock = clock;
        this.lastNews = clock.instant();
    }

    /** A capture was handed over; {@code name} is how it is called when it fails. */
    void add(String name, long bytes, CompletableFuture<Acknowledgement> delivery) {
        synchronized (this) {
            if (waiting == 0) {
                lastNews = clock.instant();
            }
            waiting++;
            waitingBytes += bytes;
        }
        var unused = delivery.handle((acknowledgement, failure) -> {
            settle(bytes, Optional.ofNullable(failure).map(why -> name + ": " + message(why)));
            return null;
        });
    }

    /** A capture could not even be handed over. */
    synchronized void addFailure(String line, long bytes) {
        failed++;
        failedBytes += bytes;
        failures.add(line);
    }

    private synchronized void settle(long bytes, Optional<String> failure) {
        waiting--;
        waitingBytes -= bytes;
        lastNews = clock.instant();
        if (failure.isPresent()) {
            addFailure(failure.get(), bytes);
        } else {
            acknowledged++;
            acknowledgedBytes += bytes;
        }
        notifyAll();
    }

    synchronized Count count() {
        return new Count(acknowledged, acknowledgedBytes, failed, failedBytes, waiting, waitingBytes);
    }

    /** For how long nothing has come back of what is on its way; zero if nothing is. */
    synchronized Duration silence() {
        return waiting == 0 ? Duration.ZERO : Duration.between(lastNews, clock.instant());
    }

    /** The next failure that was not told yet. */
    synchronized Optional<String> nextFailure() {
        return Optional.ofNullable(failures.poll());
    }

    /** Waits for news of what is on its way, for a while. */
    synchronized void awaitNews(Duration atMost) throws InterruptedException {
        long settled = acknowledged + failed;
        long end = System.nanoTime() + atMost.toNanos();
        for (long left = atMost.toNanos();
                left > 0 && waiting > 0 && settled == acknowledged + failed;
                left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    private static String message(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}

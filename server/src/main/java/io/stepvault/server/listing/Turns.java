package io.stepvault.server.listing;

import io.stepvault.server.http.Problem;
import io.stepvault.server.http.ProblemException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Lets a bounded number of expensive calls go on at once; others wait for a moment. Safe for any thread. */
public final class Turns {
    private final Semaphore free;
    private final Duration patience;

    /**
     * Turns.
     *
     * @param atOnce how many calls go on at once
     * @param patience how long one waits for its turn
     */
    public Turns(int atOnce, Duration patience) {
        this.free = new Semaphore(atOnce, true);
        this.patience = patience;
    }

    /**
     * Makes a call.
     *
     * @throws ProblemException 503 if its turn does not come in time
     */
    public <T> T take(Supplier<T> call) {
        try {
            if (!free.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw Problem.unavailable("too many are asking for lists; try again")
                        .asException();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.unavailable("the server is stopping").asException();
        }
        try {
            return call.get();
        } finally {
            free.release();
        }
    }
}

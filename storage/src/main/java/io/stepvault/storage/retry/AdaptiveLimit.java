package io.stepvault.storage.retry;

/**
 * How many puts may be in flight, from 1 up to a maximum, by what the store answers: it falls when the store is
 * overloaded and rises while puts succeed. Latency alone says nothing: a distant store is slow and yet takes as many
 * puts as ever.
 *
 * <p>It falls by a tenth; by a quarter when the store is overloaded again before as many puts have succeeded as the limit
 * is. Of puts that were begun before the last fall, answers of any kind say nothing about what holds since: so the many
 * refusals of one crowded moment make it fall once. It rises by one for every {@value #SUCCESSES} puts, or for as many as
 * the limit is, whichever is more, that succeed while the limit is used up; so of the puts to a store that is always at
 * its bound, about one in {@value #SUCCESSES} is refused, however low the bound.
 *
 * <p>Pure: no clock, no threads. Not safe for several threads.
 */
final class AdaptiveLimit {
    private static final int SUCCESSES = 50;

    private final int max;
    private int value;
    private long begun;
    private long begunBeforeFall;
    private long successesSinceFall;
    private int successesSinceChange;

    /** Begins at {@code max}: a store that is never overloaded does not notice a limit that adapts. */
    AdaptiveLimit(int max) {
        this.max = max;
        this.value = max;
        this.successesSinceFall = max;
    }

    int value() {
        return value;
    }

    int max() {
        return max;
    }

    /** Notes that a put begins, and gives its number, by which its answer is told. */
    long begin() {
        return ++begun;
    }

    /**
     * Notes that a put has succeeded.
     *
     * @param inFlight how many were in flight until then, it included
     */
    void succeeded(long put, int inFlight) {
        if (put <= begunBeforeFall) {
            return;
        }
        successesSinceFall++;
        if (value < max && inFlight >= value && ++successesSinceChange >= Math.max(SUCCESSES, value)) {
            value++;
            successesSinceChange = 0;
        }
    }

    /** Notes that a put has failed because the store is overloaded. */
    void overloaded(long put) {
        if (put <= begunBeforeFall) {
            return;
        }
        int lower = successesSinceFall < value ? (int) (value * 3L / 4) : (int) (value * 9L / 10);
        value = Math.max(1, Math.min(value - 1, lower));
        begunBeforeFall = begun;
        successesSinceFall = 0;
        successesSinceChange = 0;
    }
}

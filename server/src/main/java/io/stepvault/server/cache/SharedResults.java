package io.stepvault.server.cache;

import io.stepvault.server.http.Problem;
import io.stepvault.server.http.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes each result once for all who ask while it is being made, and keeps it for a while: until it is too old, or there
 * is no room and the others were asked for more recently. A failure goes to all who wait for it and is not kept. Safe for
 * any thread.
 */
public final class SharedResults<K, V> {
    private record Kept<V>(V value, long weight, Instant until) {}

    private final Duration fresh;
    private final long room;
    private final ToLongFunction<V> weigher;
    private final Clock clock;
    private final Map<K, CompletableFuture<V>> beingMade = new HashMap<>();
    private final Map<K, Kept<V>> kept = new LinkedHashMap<>(16, 0.75f, true);
    private long weight;

    /**
     * No results yet.
     *
     * @param fresh how long a result is kept
     * @param room how much is kept, by weight
     * @param weigher what a result weighs
     */
    public SharedResults(Duration fresh, long room, ToLongFunction<V> weigher, Clock clock) {
        this.fresh = fresh;
        this.room = room;
        this.weigher = weigher;
        this.clock = clock;
    }

    /**
     * A result; {@code make} is called on this thread if there is none and nobody is making it.
     *
     * @throws RuntimeException what {@code make} throws, whoever called it
     * @throws ProblemException 503 if the thread is interrupted (its flag stays set)
     */
    public V get(K key, Supplier<V> make) {
        CompletableFuture<V> ours = new CompletableFuture<>();
        CompletableFuture<V> theirs;
        synchronized (this) {
            Kept<V> found = freshest(key);
            if (found != null) {
                return found.value;
            }
            theirs = beingMade.putIfAbsent(key, ours);
        }
        if (theirs != null) {
            return awaited(theirs);
        }
        try {
            V value = make.get();
            keep(key, value);
            ours.complete(value);
            return value;
        } catch (RuntimeException | Error e) {
            ours.completeExceptionally(e);
            throw e;
        } finally {
            synchronized (this) {
                beingMade.remove(key);
            }
        }
    }

    private @Nullable Kept<V> freshest(K key) {
        Kept<V> found = kept.get(key);
        if (found != null && !clock.instant().isBefore(found.until)) {
            remove(key);
            return null;
        }
        return found;
    }

    private synchronized void keep(K key, V value) {
        Kept<V> added =
                new Kept<>(value, weigher.applyAsLong(value), clock.instant().plus(fresh));
        if (added.weight > room) {
            return;
        }
        remove(key);
        kept.put(key, added);
        weight += added.weight;
        while (weight > room) {
            Iterator<K> leastWanted = kept.keySet().iterator();
            remove(leastWanted.next());
        }
    }

    private void remove(K key) {
        Kept<V> removed = kept.remove(key);
        if (removed != null) {
            weight -= removed.weight;
        }
    }

    private static <V> V awaited(CompletableFuture<V> result) {
        try {
            return result.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException("what others wait for failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.unavailable("the server is stopping").asException();
        }
    }
}

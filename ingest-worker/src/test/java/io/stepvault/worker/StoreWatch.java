package io.stepvault.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.storage.object.ObjectRefusedException;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.TransientStoreException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Stands before the object stores of a test's workers: sees whether a key is ever written with other content, and makes
 * them slow, forgetful or choosy as the test says. Safe for any thread.
 */
final class StoreWatch {
    private static final String STEPS = "sessions/";

    // The first body of each key: the captures of a test are small, or few.
    private final Map<String, ByteBuffer> written = new ConcurrentHashMap<>();
    private final Set<String> overwritten = ConcurrentHashMap.newKeySet();
    private final Set<String> answered = ConcurrentHashMap.newKeySet();
    private volatile Predicate<String> refuses = key -> false;
    private volatile Predicate<String> losesAnswer = key -> false;
    private volatile Duration delay = Duration.ZERO;

    /** Every put takes so much longer. */
    StoreWatch slow(Duration longer) {
        delay = longer;
        return this;
    }

    /** Objects that can never be stored. */
    void refuse(Predicate<String> keys) {
        refuses = keys;
    }

    /** Objects of which the first put is done, and said to have failed. */
    void loseFirstAnswer(Predicate<String> keys) {
        losesAnswer = keys;
    }

    /** How many objects of steps were written. */
    int objects() {
        return written.size();
    }

    void assertNothingOverwritten() {
        assertThat(overwritten).as("written with other content").isEmpty();
    }

    ObjectStore over(ObjectStore store) {
        return new Watched(store);
    }

    /** Its memory is used again once the put is answered. */
    private static ByteBuffer copied(ByteBuffer body) {
        return ByteBuffer.allocate(body.remaining()).put(body).flip();
    }

    private CompletableFuture<Void> put(PutRequest request, ObjectStore store) {
        String key = request.key();
        if (refuses.test(key)) {
            return CompletableFuture.failedFuture(
                    new ObjectRefusedException(store.location().toString(), key, "not to this test's taste", null));
        }
        if (key.contains(STEPS)) {
            ByteBuffer before = written.putIfAbsent(key, copied(request.body()));
            if (before != null && !before.equals(request.body())) {
                overwritten.add(key);
            }
        }
        CompletableFuture<Void> done = delay.isZero()
                ? store.put(request)
                : CompletableFuture.runAsync(
                                () -> {}, CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS))
                        .thenCompose(nothing -> store.put(request));
        return losesAnswer.test(key) && answered.add(key)
                ? done.thenRun(() -> {
                    throw new TransientStoreException(store.location().toString(), key, "the answer is lost", null);
                })
                : done;
    }

    private final class Watched extends ForwardingObjectStore {
        private final ObjectStore store;

        Watched(ObjectStore store) {
            super(store);
            this.store = store;
        }

        @Override
        public CompletableFuture<Void> put(PutRequest request) {
            return StoreWatch.this.put(request, store);
        }
    }
}

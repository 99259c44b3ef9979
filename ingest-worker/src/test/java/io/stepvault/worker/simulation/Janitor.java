package io.stepvault.worker.simulation;

import io.stepvault.storage.SessionLifecycle;
import io.stepvault.storage.StoreOptions;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectPage;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.storage.retry.RetryOptions;
import io.stepvault.worker.ForwardingObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Deletes sessions, expires old steps, thins out and cleans up; or begins to, and stops somewhere. */
final class Janitor {
    private final Clock clock;
    private final Trace trace;
    private final Oracle oracle;
    private final Bucket bucket;
    private final SessionLifecycle lifecycle;
    private final Set<String> deleted = new LinkedHashSet<>();
    private boolean hasExpired;
    private boolean hasThinned;
    private boolean hasCleaned;
    private int callsLeft = Integer.MAX_VALUE;

    Janitor(Random random, Clock clock, Trace trace, SimulatedStore store, Oracle oracle) {
        this.clock = clock;
        this.trace = trace;
        this.oracle = oracle;
        this.bucket = store.bucket();
        this.lifecycle = new SessionLifecycle(
                new Tiring(store.objects()),
                "",
                StoreOptions.defaults()
                        .withClock(clock)
                        .withRetry(RetryOptions.defaults().withMaxAttempts(1).withRandom(random)));
    }

    /** So many calls of the store succeed in what is done next. */
    void mayCall(int calls) {
        callsLeft = calls;
    }

    void delete(String session) {
        deleted.add(session);
        oracle.deleted(session);
        attempt("deleting " + session, () -> lifecycle.delete(session));
    }

    void expire() {
        hasExpired = true;
        LocalDate before = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusDays(2);
        oracle.expired(before);
        attempt("expiring what was captured before " + before, () -> lifecycle.expire(before));
    }

    void thinOut() {
        hasThinned = true;
        LocalDate before = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).minusDays(2);
        oracle.thinnedOut(before);
        attempt("thinning out", () -> lifecycle.keepLast(1));
    }

    void clean() {
        hasCleaned = true;
        attempt("cleaning", () -> lifecycle.clean(Duration.ofDays(2)));
    }

    /** Does again, and to its end, what was ever begun. */
    void finish() {
        callsLeft = Integer.MAX_VALUE;
        if (hasExpired) {
            expire();
        }
        if (hasThinned) {
            thinOut();
        }
        if (hasCleaned) {
            clean();
        }
        Set.copyOf(deleted).forEach(this::delete);
    }

    private void attempt(String what, Runnable work) {
        try {
            work.run();
            trace.add("janitor: " + what);
        } catch (StoreException e) {
            trace.add("janitor: " + what + ", and stopped half-way");
        }
        callsLeft = Integer.MAX_VALUE;
    }

    private void call(String key) {
        if (callsLeft-- <= 0) {
            throw new TransientStoreException("s3://bucket", key, "the janitor was stopped", null);
        }
    }

    private final class Tiring extends ForwardingObjectStore {
        Tiring(ObjectStore to) {
            super(to);
        }

        @Override
        public CompletableFuture<Void> put(PutRequest request) {
            call(request.key());
            return super.put(request);
        }

        @Override
        public ObjectPage list(ListRequest request) {
            call(request.prefix());
            return super.list(request);
        }

        @Override
        public void delete(String key) {
            call(key);
            bucket.gone(key);
            super.delete(key);
        }
    }
}

package io.stepvault.storage;

import io.stepvault.storage.object.ObjectWriter;
import io.stepvault.storage.object.PutRequest;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Writes day markers, and remembers those of the last hour so that a session's steps don't write one each. Forgetting
 * one costs a put and nothing else. Safe for any thread.
 */
final class DayMarkers {
    private static final Duration FRESH = Duration.ofHours(1);
    private static final int MAX_REMEMBERED = 10_000;

    private record Marker(Instant since, CompletableFuture<Void> written) {
        /** A clock that was set back makes no marker last longer. */
        boolean isFresh(Instant now) {
            Duration age = Duration.between(since, now);
            return !age.isNegative() && age.compareTo(FRESH) < 0;
        }
    }

    private static final class Recent extends LinkedHashMap<String, Marker> {
        private static final long serialVersionUID = 1L;

        Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Marker> eldest) {
            return size() > MAX_REMEMBERED;
        }
    }

    private final ObjectWriter writer;
    private final Clock clock;
    private final Recent recent = new Recent();

    DayMarkers(ObjectWriter writer, Clock clock) {
        this.writer = writer;
        this.clock = clock;
    }

    /** Writes the marker {@code key}, unless that was done within the last hour or is being done. */
    CompletableFuture<Void> ensure(String key) {
        Marker mine;
        synchronized (recent) {
            Instant now = clock.instant();
            Marker known = recent.get(key);
            if (known != null && known.isFresh(now)) {
                return known.written;
            }
            mine = new Marker(now, new CompletableFuture<>());
            recent.put(key, mine);
        }
        var unused = write(key).whenComplete((nothing, failure) -> {
            if (failure == null) {
                mine.written.complete(null);
                return;
            }
            synchronized (recent) {
                recent.remove(key, mine);
            }
            mine.written.completeExceptionally(failure);
        });
        return mine.written;
    }

    /** The marker {@code key} was deleted. */
    void forget(String key) {
        synchronized (recent) {
            recent.remove(key);
        }
    }

    /** Writes the marker {@code key} whether it was written lately or not. */
    CompletableFuture<Void> write(String key) {
        return writer.put(new PutRequest(key, "application/octet-stream", ByteBuffer.allocate(0), Map.of()));
    }
}

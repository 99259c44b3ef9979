package io.stepvault.producer;

import java.util.EnumMap;
import java.util.Map;

/**
 * What a publisher has done so far: a snapshot in which {@code accepted = acknowledged + failed + dropped though accepted
 * (evicted, abandoned, redacted, redaction failed) + queued + in flight} holds exactly.
 *
 * @param accepted captures that {@code publish} accepted
 * @param acknowledged captures that the broker has
 * @param failed captures that were sent and that Kafka refused for good
 * @param dropped captures dropped, for every reason; refused ones were never accepted
 * @param backlog what is accepted and not settled
 * @param skippedCallbacks calls of {@code onDropped} and {@code onFailed} left out since earlier ones took too long
 */
public record PublisherStats(
        long accepted,
        long acknowledged,
        long failed,
        Map<DropReason, Long> dropped,
        Backlog backlog,
        long skippedCallbacks) {

    /**
     * Captures on their way.
     *
     * @param queued captures waiting in the queue
     * @param queuedBytes their size, serialized
     * @param inFlight captures taken from the queue and not yet acknowledged
     */
    public record Backlog(int queued, long queuedBytes, long inFlight) {}

    /** Copies the map, with a zero for each reason that it lacks. */
    public PublisherStats {
        Map<DropReason, Long> complete = new EnumMap<>(DropReason.class);
        for (DropReason reason : DropReason.values()) {
            complete.put(reason, dropped.getOrDefault(reason, 0L));
        }
        dropped = Map.copyOf(complete);
    }

    /** How many captures were dropped for one reason. */
    public long dropped(DropReason reason) {
        return dropped.getOrDefault(reason, 0L);
    }

    /** How many captures were dropped for any reason. */
    public long droppedInAll() {
        return dropped.values().stream().mapToLong(Long::longValue).sum();
    }
}

package io.stepvault.producer;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps account of every capture: what was dropped, what was accepted, and what of that is settled. A capture is
 * settled once; who comes second is told so.
 *
 * <p>Not safe for concurrent use: {@link Outbox} guards it.
 */
final class Ledger {
    /** Tickets not settled, in the order of acceptance. */
    private final Set<Long> unsettled = new LinkedHashSet<>();

    private final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
    private final List<Watch> watches = new ArrayList<>();
    private long accepted;
    private long acknowledged;
    private long failed;

    /** Counts an accepted capture and numbers its ticket. */
    long accept() {
        long ticket = accepted++;
        unsettled.add(ticket);
        return ticket;
    }

    /** Counts a capture that was never accepted. */
    void refuse(DropReason reason) {
        dropped.merge(reason, 1L, Long::sum);
    }

    /** The broker has it. Returns false if the capture was settled before. */
    boolean acknowledge(long ticket) {
        if (!unsettled.remove(ticket)) {
            return false;
        }
        acknowledged++;
        return true;
    }

    /** Kafka refused it for good. Returns false if the capture was settled before. */
    boolean fail(long ticket) {
        if (!lose(ticket)) {
            return false;
        }
        failed++;
        return true;
    }

    /**
     * An accepted capture is dropped, which is a loss unless it was redacted on purpose. Returns false if the capture was
     * settled before.
     */
    boolean drop(long ticket, DropReason reason) {
        boolean newlySettled = reason == DropReason.REDACTED ? unsettled.remove(ticket) : lose(ticket);
        if (!newlySettled) {
            return false;
        }
        dropped.merge(reason, 1L, Long::sum);
        return true;
    }

    private boolean lose(long ticket) {
        if (!unsettled.remove(ticket)) {
            return false;
        }
        watches.forEach(watch -> watch.lost |= ticket < watch.end);
        return true;
    }

    int unsettled() {
        return unsettled.size();
    }

    /** Watches over every capture accepted so far. */
    Watch watch() {
        Watch watch = new Watch(accepted);
        watches.add(watch);
        return watch;
    }

    void unwatch(Watch watch) {
        watches.remove(watch);
    }

    boolean isWatched() {
        return !watches.isEmpty();
    }

    PublisherStats stats(int queued, long queuedBytes, long skippedCallbacks) {
        return new PublisherStats(
                accepted,
                acknowledged,
                failed,
                dropped,
                new PublisherStats.Backlog(queued, queuedBytes, unsettled.size() - queued),
                skippedCallbacks);
    }

    /** What became of the captures accepted up to a moment. */
    final class Watch {
        private final long end;
        private boolean lost;

        private Watch(long end) {
            this.end = end;
        }

        boolean isSettled() {
            Iterator<Long> oldest = unsettled.iterator();
            return !oldest.hasNext() || oldest.next() >= end;
        }

        boolean hasLost() {
            return lost;
        }
    }
}

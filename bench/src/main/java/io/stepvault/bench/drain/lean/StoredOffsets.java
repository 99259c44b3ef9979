package io.stepvault.bench.drain.lean;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** How far each partition is stored without a gap. For one thread, but for {@link Unit#stored}. */
final class StoredOffsets {
    private final Map<TopicPartition, Deque<Unit>> underWay = new HashMap<>();

    /**
     * Some records, the next ones of their partition, are about to be stored.
     *
     * @param nextOffset what is committed once they are
     * @param puts that make them stored
     */
    Unit begin(TopicPartition partition, long nextOffset, int puts) {
        Unit unit = new Unit(nextOffset, new AtomicInteger(puts));
        underWay.computeIfAbsent(partition, absent -> new ArrayDeque<>()).add(unit);
        return unit;
    }

    /** What can be committed and was not returned before. */
    Map<TopicPartition, OffsetAndMetadata> takeStored() {
        Map<TopicPartition, OffsetAndMetadata> stored = new HashMap<>();
        underWay.forEach((partition, units) -> {
            for (Unit first = units.peek(); first != null && first.isStored(); first = units.peek()) {
                stored.put(partition, new OffsetAndMetadata(first.nextOffset));
                units.remove();
            }
        });
        return stored;
    }

    /** Records that are on their way to the store together. */
    record Unit(long nextOffset, AtomicInteger openPuts) {
        /** One of its puts is done. For any thread. */
        void stored() {
            openPuts.decrementAndGet();
        }

        private boolean isStored() {
            return openPuts.get() == 0;
        }
    }
}

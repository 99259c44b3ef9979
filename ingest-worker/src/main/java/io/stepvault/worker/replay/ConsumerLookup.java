package io.stepvault.worker.replay;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Asks the brokers through a consumer, on its thread. */
public final class ConsumerLookup implements RangeLookup {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final Consumer<?, ?> consumer;
    private final TopicRange range;

    /** Looks {@code range} up through {@code consumer}, which reads committed records only. */
    public ConsumerLookup(Consumer<?, ?> consumer, TopicRange range) {
        this.consumer = consumer;
        this.range = range;
    }

    @Override
    public Found find(TopicPartition partition) {
        long earliest = known(partition, consumer.beginningOffsets(Set.of(partition), TIMEOUT));
        // Of what can be read: up to the first open transaction.
        long latest = known(partition, consumer.endOffsets(Set.of(partition), TIMEOUT));
        long from = offset(range.from(), partition, earliest, latest);
        long to = Math.min(offset(range.to(), partition, earliest, latest), latest);
        long begin = Math.max(from, earliest);
        // An offset says what was meant to be read. A time does not: the first record that is there may be the first
        // that
        // ever was since then, or not.
        long removed = range.from() instanceof RangePoint.AtOffset ? Math.max(0, Math.min(begin, to) - from) : 0;
        boolean mayLack = range.from() instanceof RangePoint.AtTime && earliest > 0 && from == earliest;
        return new Found(new Bounds(begin, Math.max(to, 0)), removed, mayLack);
    }

    private long offset(RangePoint point, TopicPartition partition, long earliest, long latest) {
        if (point instanceof RangePoint.Earliest) {
            return earliest;
        } else if (point instanceof RangePoint.AtOffset at) {
            return at.offset();
        } else if (point instanceof RangePoint.AtTime at) {
            return firstSince(at.time(), partition).orElse(latest);
        }
        return latest;
    }

    private Optional<Long> firstSince(Instant time, TopicPartition partition) {
        Map<TopicPartition, OffsetAndTimestamp> found =
                consumer.offsetsForTimes(Map.of(partition, Math.max(0, time.toEpochMilli())), TIMEOUT);
        return Optional.ofNullable(found.get(partition)).map(OffsetAndTimestamp::offset);
    }

    private static long known(TopicPartition partition, Map<TopicPartition, Long> offsets) {
        Long offset = offsets.get(partition);
        if (offset == null) {
            throw new KafkaException("the brokers do not tell the offsets of " + partition);
        }
        return offset;
    }
}

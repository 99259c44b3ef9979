package io.stepvault.producer.completion;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the partitions that a consumer group assigns, and commits what was told. A partition for which the group has
 * committed nothing is read from the start, which is then committed at once, so that what comes while no member runs is
 * not passed over; if the group has committed for others, the partition is new and read from its beginning.
 */
final class GroupMember implements CompletionSource {
    private static final Logger log = LoggerFactory.getLogger(GroupMember.class);

    private final String topic;
    private CompletionStart start;
    private boolean assigned;

    GroupMember(String topic, CompletionStart start) {
        this.topic = topic;
        this.start = start;
    }

    @Override
    public void begin(Consumer<byte[], byte[]> consumer) {
        consumer.subscribe(List.of(topic), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                startWhereNothingIsCommitted(consumer, partitions);
                assigned = true;
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                // What was told is committed already, or could not be.
            }
        });
    }

    private void startWhereNothingIsCommitted(
            Consumer<byte[], byte[]> consumer, Collection<TopicPartition> partitions) {
        Set<TopicPartition> all = new HashSet<>(CompletionSource.partitions(consumer, topic));
        if (partitions.isEmpty()) {
            // What will be in a topic that does not exist yet is newer than any start.
            start = all.isEmpty() ? CompletionStart.earliest() : start;
            return;
        }
        all.addAll(partitions);
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>(consumer.committed(all));
        committed.values().removeIf(offset -> offset == null);
        Set<TopicPartition> fresh = new HashSet<>(partitions);
        fresh.removeAll(committed.keySet());
        if (!fresh.isEmpty()) {
            Map<TopicPartition, Long> offsets =
                    CompletionSource.resolve(consumer, committed.isEmpty() ? start : CompletionStart.earliest(), fresh);
            offsets.forEach(consumer::seek);
            consumer.commitSync(asCommit(offsets));
        }
    }

    @Override
    public boolean refresh(Consumer<byte[], byte[]> consumer) {
        return true; // partitions come and go while it polls
    }

    @Override
    public void told(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> next) {
        if (next.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(asCommit(next));
        } catch (WakeupException e) {
            consumer.commitSync(asCommit(next)); // closing: a wake-up is for one call only, and this was told
            throw e;
        } catch (CommitFailedException | RebalanceInProgressException e) {
            log.atDebug()
                    .addKeyValue("topic", topic)
                    .setCause(e)
                    .log("Another member of the group has the partitions now, and tells the last completions again");
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> asCommit(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, OffsetAndMetadata> commit = new HashMap<>();
        offsets.forEach((partition, offset) -> commit.put(partition, new OffsetAndMetadata(offset)));
        return commit;
    }

    @Override
    public boolean isReady() {
        return assigned;
    }
}

package io.stepvault.worker.commit;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnstableOffsetCommitException;

/** Asks the brokers through an admin client. Safe for any thread. */
public final class AdminCommittedOffsets implements CommittedOffsets {
    private final Admin admin;
    private final String group;
    private final Duration timeout;

    /** The offsets of a group; an answer is waited for at most {@code timeout}. */
    public AdminCommittedOffsets(Admin admin, String group, Duration timeout) {
        this.admin = admin;
        this.group = group;
        this.timeout = timeout;
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> of(Set<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return Map.of();
        }
        int millis = Math.toIntExact(timeout.toMillis());
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>(admin.listConsumerGroupOffsets(
                            Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(partitions)),
                            new ListConsumerGroupOffsetsOptions()
                                    .requireStable(true)
                                    .timeoutMs(millis))
                    .partitionsToOffsetAndMetadata(group)
                    .get(millis + 1_000L, TimeUnit.MILLISECONDS));
            requireAll(partitions, committed.keySet());
            committed.values().removeIf(offset -> offset == null); // never committed
            return committed;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("no answer within " + millis + " ms", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e); // sets the thread's flag again
        }
    }

    /** Kafka's client leaves partitions out that the brokers answer with an error for, such as a transaction pending. */
    private static void requireAll(Set<TopicPartition> asked, Set<TopicPartition> answered) {
        Set<TopicPartition> missing = new HashSet<>(asked);
        missing.removeAll(answered);
        if (!missing.isEmpty()) {
            throw new UnstableOffsetCommitException(
                    "the offsets of " + missing + " cannot be told now; a transaction over them may be pending");
        }
    }
}

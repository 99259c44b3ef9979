package io.stepvault.worker.consume;

import static java.util.Objects.requireNonNull;

import io.stepvault.worker.commit.CommitMetadata;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes partitions on and lets them go: announces them to the pipeline once their topic's id is known, has the pipeline
 * finish what was read before they leave, and finds a place to start where no offset is committed.
 *
 * <p>Only the pipeline's thread may touch it.
 */
public final class Assigner implements ConsumerRebalanceListener {
    private static final Logger log = LoggerFactory.getLogger(Assigner.class);

    private static final Duration STEP = Duration.ofMillis(20);
    private static final Duration COMMITTED_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration LOOK_UP_AGAIN_AFTER = Duration.ofSeconds(1);

    private final ConsumerSettings settings;
    private final Consumer<byte[], byte[]> consumer;
    private final TopicDirectory topics;
    private final ConsumerEvents pipeline;
    private final Mailbox mailbox;
    private final ConsumerHealth health;

    // Assigned, but paused and not yet announced: the topic's id is still to be looked up.
    private final Set<TopicPartition> unannounced = new HashSet<>();
    // What the consumer itself calls its assignment changes behind our back with group.protocol=consumer: a thread of
    // its own ends it some time after the callback, and then the consumer throws when it is asked for the partition.
    private final Set<TopicPartition> announced = new HashSet<>();
    // Of these the committed offset lies beyond the end; it says nothing of the records that there are.
    private final Set<TopicPartition> committedTooFar = new HashSet<>();
    private TopicDirectory.Lookup.@Nullable Found topic;
    private boolean joined;
    private Instant nextLookUp = Instant.MIN;

    /** An assigner for {@code consumer}. */
    public Assigner(
            ConsumerSettings settings,
            Consumer<byte[], byte[]> consumer,
            TopicDirectory topics,
            ConsumerEvents pipeline,
            Mailbox mailbox,
            ConsumerHealth health) {
        this.settings = settings;
        this.consumer = consumer;
        this.topics = topics;
        this.pipeline = pipeline;
        this.mailbox = mailbox;
        this.health = health;
    }

    /**
     * Looks the source topic up.
     *
     * @return what is in the way, or empty if nothing is
     * @throws TopicRefusedException if the topic must not be consumed
     */
    Optional<String> lookUpTopic() {
        TopicDirectory.Lookup lookup = topics.find(settings.topic());
        if (lookup instanceof TopicDirectory.Lookup.Refused refused) {
            throw new TopicRefusedException(refused.why());
        }
        if (lookup instanceof TopicDirectory.Lookup.NotYet notYet) {
            return Optional.of(notYet.why());
        }
        topic = (TopicDirectory.Lookup.Found) lookup;
        return Optional.empty();
    }

    /** Tells the pipeline of new partitions. The topic is looked up anew, since it may have been created again. */
    void announce() {
        Instant now = mailbox.clock().instant();
        if (unannounced.isEmpty() || now.isBefore(nextLookUp)) {
            return;
        }
        Optional<String> trouble = lookUpTopic().or(this::announceFound);
        if (trouble.isPresent()) {
            health.fails(trouble.get());
            nextLookUp = now.plus(LOOK_UP_AGAIN_AFTER);
        }
    }

    /**
     * The committed offsets are read here and not left to the consumer, for what is in their metadata. While a
     * transaction of the partitions' last owner is open, they cannot be read: the brokers end it when it times out.
     */
    private Optional<String> announceFound() {
        TopicDirectory.Lookup.Found found = requireNonNull(topic);
        Map<TopicPartition, OffsetAndMetadata> committed;
        Map<TopicPartition, Long> earliest;
        try {
            committed = new HashMap<>(consumer.committed(Set.copyOf(unannounced), COMMITTED_TIMEOUT));
            earliest = beginningsOfOthers(committed, found.topicId());
        } catch (KafkaException e) {
            return Optional.of("reading the committed offsets of " + unannounced + " fails: " + e.getMessage());
        }
        committed.keySet().removeAll(earliest.keySet());
        Map<TopicPartition, Optional<OffsetAndMetadata>> positions = new HashMap<>();
        for (TopicPartition partition : unannounced) {
            Optional<OffsetAndMetadata> position = Optional.ofNullable(committed.get(partition));
            position.ifPresent(at -> consumer.seek(partition, at.offset()));
            positions.put(partition, position);
        }
        earliest.forEach(consumer::seek);
        committedTooFar.removeAll(unannounced);
        log.atInfo()
                .addKeyValue("partitions", unannounced)
                .addKeyValue("topicId", found.topicId())
                .log("Partitions assigned");
        pipeline.assigned(positions, found);
        announced.addAll(unannounced);
        unannounced.clear();
        return Optional.empty();
    }

    /** Where partitions begin whose committed offset is not of this topic, but of a deleted one of the same name. */
    private Map<TopicPartition, Long> beginningsOfOthers(
            Map<TopicPartition, OffsetAndMetadata> committed, String topicId) {
        Set<TopicPartition> others = new HashSet<>();
        committed.forEach((partition, position) -> {
            if (committedTooFar.contains(partition)) {
                others.add(partition);
            } else if (position != null
                    && CommitMetadata.isOfOtherTopic(position.metadata(), topicId, position.offset())) {
                others.add(partition);
                log.atWarn()
                        .addKeyValue("partition", partition)
                        .addKeyValue("offset", position.offset())
                        .log("Committed offset is of a deleted topic of this name; starting at the earliest");
            }
        });
        return others.isEmpty() ? Map.of() : consumer.beginningOffsets(others);
    }

    /** Whether the worker is in its group, and the pipeline knows of all that it was assigned. */
    boolean isReading() {
        return joined && unannounced.isEmpty();
    }

    /** The assigned partitions that the pipeline knows of. */
    Set<TopicPartition> announced() {
        return Set.copyOf(announced);
    }

    /** Whether a partition is assigned, as far as the consumer has told. */
    boolean isAssigned(TopicPartition partition) {
        return announced.contains(partition) || unannounced.contains(partition);
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        consumer.pause(partitions);
        unannounced.addAll(partitions);
        joined = true; // also with no partitions: a member is a member
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        unannounced.removeAll(partitions);
        announced.removeAll(partitions);
        committedTooFar.removeAll(partitions);
        if (partitions.isEmpty()) {
            return;
        }
        boolean drained = drain(partitions, settings.drainTimeout());
        awaitCommit(partitions);
        log.atInfo()
                .addKeyValue("partitions", partitions)
                .addKeyValue("drained", drained)
                .log("Partitions revoked");
        pipeline.left(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        unannounced.removeAll(partitions);
        announced.removeAll(partitions);
        committedTooFar.removeAll(partitions);
        joined = false;
        health.fails("the group has dropped this worker; it joins again");
        log.atWarn()
                .addKeyValue("partitions", partitions)
                .log("Partitions lost; what is not committed is left to their next owner");
        pipeline.left(partitions);
    }

    /** Has the pipeline finish what was read from {@code partitions}; says whether it did in time. */
    boolean drain(Collection<TopicPartition> partitions, Duration timeout) {
        Instant deadline = mailbox.clock().instant().plus(timeout);
        mailbox.runAll();
        pipeline.leaving(partitions);
        try {
            while (!pipeline.isDrained(partitions)) {
                if (mailbox.clock().instant().isAfter(deadline)) {
                    return false;
                }
                mailbox.awaitAndRun(STEP);
                pipeline.tick();
                health.wentRound();
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Waits for a commit that is under way, however long it takes. The brokers ask only whether a member is of the present
     * epoch, not whether it owns a partition; and with {@code group.protocol=consumer} the epoch stays as it is while more
     * is to be revoked. So offsets that arrive after the next owner has asked for them would be taken. If it takes so long
     * that the group drops this member, they are refused.
     */
    private void awaitCommit(Collection<TopicPartition> partitions) {
        try {
            while (pipeline.isCommitting(partitions)) {
                mailbox.awaitAndRun(STEP);
                health.wentRound();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A group that has never committed begins with the earliest record there is. */
    void startAtEarliest(Set<TopicPartition> partitions) {
        Map<TopicPartition, Long> earliest;
        try {
            earliest = consumer.beginningOffsets(partitions);
        } catch (KafkaException e) {
            health.fails("looking up the earliest offsets fails: " + e.getMessage());
            return; // the next poll comes back here
        }
        log.atInfo().addKeyValue("partitions", partitions).log("No offset committed yet; starting at the earliest");
        earliest.forEach((partition, start) -> {
            if (isAssigned(partition)) {
                consumer.seek(partition, start);
                var unused = pipeline.removedBelow(partition, start); // nobody can say that it was there
            }
        });
    }

    /**
     * The offset to read from is not on the topic: retention has passed it, or the topic was created again. Both mean
     * that captures may be gone, so both are said out loud.
     */
    void startAgain(Map<TopicPartition, Long> positions) {
        Map<TopicPartition, Long> earliest;
        try {
            earliest = consumer.beginningOffsets(positions.keySet());
        } catch (KafkaException e) {
            health.fails("looking up the earliest offsets fails: " + e.getMessage());
            return; // the next poll comes back here
        }
        positions.forEach((partition, position) -> {
            if (!isAssigned(partition)) {
                return; // it went in the same poll that found it out of range
            }
            long start = earliest.getOrDefault(partition, 0L);
            if (position < start) {
                long lost = pipeline.removedBelow(partition, start);
                if (lost > 0) {
                    health.lost(partition, position, start, lost);
                }
            } else {
                log.atError()
                        .addKeyValue("partition", partition)
                        .addKeyValue("position", position)
                        .addKeyValue("start", start)
                        .log(
                                "Position is past the partition's end; was the topic created again? Reading from its start");
                // Offsets go back, so what is known of this partition is void.
                pipeline.left(Set.of(partition));
                announced.remove(partition);
                unannounced.add(partition);
                committedTooFar.add(partition);
                consumer.pause(Set.of(partition));
            }
            consumer.seek(partition, start);
        });
    }
}

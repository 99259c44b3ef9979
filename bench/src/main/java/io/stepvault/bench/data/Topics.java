package io.stepvault.bench.data;

import io.stepvault.producer.OverflowPolicy;
import io.stepvault.producer.PublishResult;
import io.stepvault.producer.StepPublisher;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** The topics of the benchmark's broker: makes them, fills them, and says how far groups are. Safe for any thread. */
public final class Topics implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final String bootstrapServers;
    private final Admin admin;

    /** Topics of the broker at this address. */
    public Topics(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    /** The broker's address. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** Makes a topic for captures, and the two that belong to it. */
    public void create(String topic, int partitions) {
        get(admin.createTopics(List.of(
                        new NewTopic(topic, partitions, (short) 1).configs(Map.of("file.delete.delay.ms", "0")),
                        new NewTopic(FilledTopic.completions(topic), partitions, (short) 1),
                        new NewTopic(FilledTopic.deadLetters(topic), 1, (short) 1)))
                .all());
    }

    /** Deletes what {@link #create} has made. */
    public void delete(String topic) {
        get(admin.deleteTopics(List.of(topic, FilledTopic.completions(topic), FilledTopic.deadLetters(topic)))
                .all());
    }

    /** Puts the data set on a new topic, by the SDK for producers, uncompressed. */
    public FilledTopic fill(String topic, int partitions, DataSet data) {
        create(topic, partitions);
        try (StepPublisher publisher = StepPublisher.to(bootstrapServers)
                .topic(topic)
                .overflow(OverflowPolicy.block(PATIENCE))
                .kafka("compression.type", "none")
                .kafka("batch.size", 1 << 18)
                .open()) {
            data.forEach(Instant.now(), capture -> {
                PublishResult result = publisher.publish(capture);
                if (result != PublishResult.ACCEPTED) {
                    throw new IllegalStateException("the topic could not be filled: a capture was " + result);
                }
            });
            if (!publisher.flush(PATIENCE)) {
                throw new IllegalStateException("the topic could not be filled: " + publisher.stats());
            }
        }
        return new FilledTopic(topic, data, records(topic, partitions));
    }

    /** The records on a topic of which none was deleted, but for transactions' marks the same as were sent. */
    public long records(String topic, int partitions) {
        Map<TopicPartition, OffsetSpec> latest = IntStream.range(0, partitions)
                .boxed()
                .collect(Collectors.toMap(number -> new TopicPartition(topic, number), number -> OffsetSpec.latest()));
        return get(admin.listOffsets(latest).all()).values().stream()
                .mapToLong(end -> end.offset())
                .sum();
    }

    /** How many records of a topic a group has committed; 0 before its first commit. */
    public long committed(String group) {
        return get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()).values().stream()
                .mapToLong(offset -> offset == null ? 0 : offset.offset())
                .sum();
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker refuses: " + e.getCause(), e);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}

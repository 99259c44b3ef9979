package io.stepvault.bench.sizes;

import static org.awaitility.Awaitility.await;

import io.stepvault.event.BatchStored;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.wire.UndecodableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The three topics of one drill, and a group, of their own on a real broker. Used by one thread. */
final class DrillTopics implements AutoCloseable {
    static final int PARTITIONS = 12;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final String captures = "captures-" + UUID.randomUUID();
    final String completions = captures + ".completed";
    final String deadLetters = captures + ".dead-letters";
    final String group = "group-" + UUID.randomUUID();

    private final String bootstrapServers;
    private final Admin admin;

    private DrillTopics(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    static DrillTopics create(String bootstrapServers) {
        DrillTopics topics = new DrillTopics(bootstrapServers);
        // Small segments, and no time until a file goes: what is deleted shall leave the disk at once.
        Map<String, String> bulk = Map.of("segment.bytes", "16777216", "file.delete.delay.ms", "0");
        get(topics.admin
                .createTopics(List.of(
                        new NewTopic(topics.captures, PARTITIONS, (short) 1).configs(bulk),
                        new NewTopic(topics.completions, PARTITIONS, (short) 1),
                        new NewTopic(topics.deadLetters, 1, (short) 1)))
                .all());
        // Until its leader answers, a new partition can take a producer's second batch and refuse the first.
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> topics.ends(topics.captures).size() == PARTITIONS);
        return topics;
    }

    Map<TopicPartition, Long> ends(String topic) {
        int partitions = topic.equals(deadLetters) ? 1 : PARTITIONS;
        Map<TopicPartition, OffsetSpec> latest = IntStream.range(0, partitions)
                .boxed()
                .collect(Collectors.toMap(number -> new TopicPartition(topic, number), number -> OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        get(admin.listOffsets(latest).all()).forEach((partition, end) -> ends.put(partition, end.offset()));
        return ends;
    }

    Map<TopicPartition, Long> committed() {
        Map<TopicPartition, Long> committed = new HashMap<>();
        get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                .forEach((partition, offset) -> committed.put(partition, offset.offset()));
        return committed;
    }

    /** The number of captures' records that are settled. */
    long settledRecords() {
        return committed().values().stream().mapToLong(Long::longValue).sum();
    }

    /** Whether everything that was published is settled. */
    boolean isSettled() {
        Map<TopicPartition, Long> ends = ends(captures);
        ends.values().removeIf(end -> end == 0);
        Map<TopicPartition, Long> committed = committed();
        committed.values().removeIf(offset -> offset == 0);
        return committed.equals(ends);
    }

    /** Makes room on the broker's disk. */
    void deleteSettled() {
        get(admin.deleteRecords(committed().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> RecordsToDelete.beforeOffset(entry.getValue()))))
                .all());
    }

    /** Reads every completion that a user would, from the first to the last. */
    void forEachCompletion(Consumer<BatchStored> reader) {
        Map<TopicPartition, Long> ends = ends(completions);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> reader.accept(decode(record.value())));
                return new ArrayList<>(ends.entrySet())
                        .stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            });
        }
    }

    private static BatchStored decode(byte[] value) {
        try {
            return SingleObjectCodec.completions().decode(value);
        } catch (UndecodableException e) {
            throw new AssertionError("a completion must be readable", e);
        }
    }

    private static <T> T get(org.apache.kafka.common.KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        get(admin.deleteTopics(List.of(captures, completions, deadLetters)).all());
        admin.close();
    }
}

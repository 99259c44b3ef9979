package io.stepvault.devkit.chaos;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** The topics and the group of a run, asked as an operator would. Safe for any thread. */
final class ChaosTopics implements AutoCloseable {
    static final String CAPTURES = "step-captures";
    static final String COMPLETIONS = "step-captures.completed";
    static final String DEAD_LETTERS = "step-captures.dead-letters";
    static final String GROUP = "stepvault-chaos";

    private static final Map<String, Integer> PARTITIONS = Map.of(CAPTURES, 12, COMPLETIONS, 6, DEAD_LETTERS, 1);
    private static final short REPLICAS = 3;
    private static final int TIMEOUT_SECONDS = 5;

    private final Admin admin;

    ChaosTopics(String bootstrapServers) {
        admin = Admin.create(Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "default.api.timeout.ms",
                TIMEOUT_SECONDS * 1_000,
                "request.timeout.ms",
                TIMEOUT_SECONDS * 1_000));
    }

    /** @throws IllegalStateException if the brokers don't let it */
    void create() throws InterruptedException {
        List<NewTopic> topics = PARTITIONS.entrySet().stream()
                .map(topic -> new NewTopic(topic.getKey(), topic.getValue(), REPLICAS))
                .toList();
        try {
            admin.createTopics(topics).all().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the topics cannot be created: " + e, e);
        }
    }

    /** How many members the group has, none of them on its way out; empty while no broker tells. */
    Optional<Integer> members() throws InterruptedException {
        return ask(admin.describeConsumerGroups(List.of(GROUP)).all())
                .map(groups -> groups.values().stream()
                        .mapToInt(group -> group.members().size())
                        .sum());
    }

    /** How many records are neither stored nor dead-lettered yet; empty while no broker tells. */
    Optional<Long> lag() throws InterruptedException {
        Optional<Map<TopicPartition, Long>> ends = ends(CAPTURES, IsolationLevel.READ_COMMITTED);
        Optional<Map<TopicPartition, Long>> committed = ask(admin.listConsumerGroupOffsets(GROUP)
                        .partitionsToOffsetAndMetadata())
                .map(offsets -> {
                    Map<TopicPartition, Long> byPartition = new HashMap<>();
                    offsets.forEach((partition, offset) -> {
                        if (offset != null) {
                            byPartition.put(partition, offset.offset());
                        }
                    });
                    return byPartition;
                });
        return ends.flatMap(all -> committed.map(done -> all.entrySet().stream()
                .mapToLong(end -> end.getValue() - done.getOrDefault(end.getKey(), 0L))
                .sum()));
    }

    /** Whether no transaction on the topics that workers write to is open. */
    boolean allTransactionsEnded() throws InterruptedException {
        for (String topic : List.of(COMPLETIONS, DEAD_LETTERS)) {
            Optional<Map<TopicPartition, Long>> stable = ends(topic, IsolationLevel.READ_COMMITTED);
            if (stable.isEmpty() || !stable.equals(ends(topic, IsolationLevel.READ_UNCOMMITTED))) {
                return false;
            }
        }
        return true;
    }

    private Optional<Map<TopicPartition, Long>> ends(String topic, IsolationLevel isolation)
            throws InterruptedException {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS.getOrDefault(topic, 0); partition++) {
            latest.put(new TopicPartition(topic, partition), OffsetSpec.latest());
        }
        return ask(admin.listOffsets(latest, new ListOffsetsOptions(isolation)).all())
                .map(answer -> {
                    Map<TopicPartition, Long> ends = new HashMap<>();
                    answer.forEach((partition, end) -> ends.put(partition, end.offset()));
                    return ends;
                });
    }

    private static <T> Optional<T> ask(KafkaFuture<T> answer) throws InterruptedException {
        try {
            return Optional.of(answer.get(TIMEOUT_SECONDS + 1, TimeUnit.SECONDS));
        } catch (ExecutionException | TimeoutException e) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        admin.close(java.time.Duration.ofSeconds(1));
    }
}

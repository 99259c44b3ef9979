package io.stepvault.producer;

import io.stepvault.event.StepCapture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A topic on a real broker, as the tests see it. Holds no connection. */
public record CaptureTopic(String bootstrapServers, String name) {

    public CaptureTopic create(int partitions, Map<String, String> configs)
            throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(configs)))
                    .all()
                    .get();
        }
        return this;
    }

    /** Everything on the topic; each session's captures in their order. Fails if a record's key is not its session. */
    public List<StepCapture> captures() {
        Map<String, Object> properties = Map.of("bootstrap.servers", bootstrapServers, "auto.offset.reset", "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            Collection<TopicPartition> partitions = consumer.partitionsFor(name).stream()
                    .map(partition -> new TopicPartition(name, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.seekToBeginning(partitions);
            List<StepCapture> captures = new ArrayList<>();
            Map<Integer, RecordReader> readers = new HashMap<>();
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    RecordReader reader = readers.computeIfAbsent(record.partition(), p -> new RecordReader());
                    reader.read(record.headers(), record.value()).ifPresent(capture -> {
                        requireKey(capture, record.key());
                        captures.add(capture);
                    });
                }
            }
            return captures;
        }
    }

    /** How many records there are in all, for a topic that has lost none. */
    public long end() {
        Map<String, Object> properties = Map.of("bootstrap.servers", bootstrapServers);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(name).stream()
                    .map(partition -> new TopicPartition(name, partition.partition()))
                    .toList();
            return consumer.endOffsets(partitions).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    /** The sequence numbers of each session, in the order of arrival. */
    public Map<String, List<Optional<Long>>> numbers() {
        return captures().stream()
                .collect(Collectors.groupingBy(
                        StepCapture::getSessionId, Collectors.mapping(StepCapture::getSequence, Collectors.toList())));
    }

    private static void requireKey(StepCapture capture, byte[] key) {
        if (!capture.getSessionId().equals(new String(key, StandardCharsets.UTF_8))) {
            throw new AssertionError("the record's key is not its session id");
        }
    }
}

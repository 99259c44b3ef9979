package io.stepvault.producer.completion;

import static org.awaitility.Awaitility.await;

import io.stepvault.event.BatchStored;
import io.stepvault.wire.SingleObjectCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A topic of completions on a real broker, and the worker that writes it. */
final class CompletionTopic implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final String name;

    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> worker;

    CompletionTopic(String bootstrapServers, String name) {
        this.name = name;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers));
        this.worker = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "transactional.id", name),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        worker.initTransactions();
    }

    CompletionTopic create(int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
                .all()
                .get();
        awaitLeaders(partitions);
        return this;
    }

    void growTo(int partitions) throws Exception {
        admin.createPartitions(Map.of(name, NewPartitions.increaseTo(partitions)))
                .all()
                .get();
        awaitLeaders(partitions);
    }

    /** Until its leader answers, a new partition may refuse what comes first. */
    private void awaitLeaders(int partitions) {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (int i = 0; i < partitions; i++) {
            ends.put(new TopicPartition(name, i), OffsetSpec.latest());
        }
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> admin.listOffsets(ends).all().get().size() == partitions);
    }

    void commit(int partition, BatchStored... batches) {
        worker.beginTransaction();
        send(partition, batches);
        worker.commitTransaction();
    }

    void abort(int partition, BatchStored... batches) {
        worker.beginTransaction();
        send(partition, batches);
        worker.flush();
        worker.abortTransaction();
    }

    void commitGarbage(int partition) {
        worker.beginTransaction();
        send(partition, "garbage", new byte[] {1, 2, 3});
        send(partition, "nothing", null);
        worker.commitTransaction();
    }

    /** As retention does. */
    void deleteBefore(int partition, long offset) throws Exception {
        admin.deleteRecords(Map.of(new TopicPartition(name, partition), RecordsToDelete.beforeOffset(offset)))
                .all()
                .get();
    }

    private void send(int partition, BatchStored... batches) {
        for (BatchStored batch : batches) {
            send(
                    partition,
                    batch.getSessionId(),
                    SingleObjectCodec.completions().encode(batch));
        }
    }

    private void send(int partition, String key, byte @Nullable [] value) {
        // The transaction fails if a record does.
        Future<RecordMetadata> unused =
                worker.send(new ProducerRecord<>(name, partition, key.getBytes(StandardCharsets.UTF_8), value));
    }

    @Override
    public void close() {
        worker.close(Duration.ZERO);
        admin.close(Duration.ZERO);
    }
}

package io.stepvault.devkit;

import io.stepvault.devkit.readback.StepRevision;
import io.stepvault.event.BatchStored;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.wire.UndecodableException;
import io.stepvault.worker.config.KafkaConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the completions that come after this was opened, outside of any consumer group. Used by one thread.
 */
final class Completions implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Completions.class);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final SingleObjectCodec<BatchStored> codec = SingleObjectCodec.completions();

    private Completions(KafkaConsumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /**
     * Stands at the end of the topic when it returns.
     *
     * @throws org.apache.kafka.common.KafkaException if the topic cannot be read
     */
    static Completions fromNow(KafkaConfig kafka) throws InterruptedException {
        Map<String, Object> properties = kafka.consumerProperties();
        // These would need rights of their own, and an offset to start from.
        List.of("group.id", "group.instance.id", "group.protocol", "group.remote.assignor")
                .forEach(properties::remove);
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        try {
            List<TopicPartition> partitions = consumer
                    .partitionsFor(kafka.topics().completions())
                    .stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            partitions.forEach(consumer::position); // seeking waits until the position is asked for
            return new Completions(consumer);
        } catch (InterruptException e) {
            throw interrupted(e, consumer);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    /** The revisions completed by what arrives within {@code timeout}; none if nothing does. */
    List<StepRevision> poll(Duration timeout) throws InterruptedException {
        List<StepRevision> completed = new ArrayList<>();
        try {
            consumer.poll(timeout).forEach(message -> completed.addAll(steps(message)));
        } catch (InterruptException e) {
            throw interrupted(e, consumer);
        }
        return completed;
    }

    private List<StepRevision> steps(ConsumerRecord<byte[], byte[]> message) {
        try {
            BatchStored batch = codec.decode(message.value());
            return batch.getSteps().stream()
                    .map(step -> new StepRevision(batch.getSessionId(), step.getStepId(), step.getRevision()))
                    .toList();
        } catch (UndecodableException e) {
            log.atWarn()
                    .setCause(e)
                    .addKeyValue("partition", message.partition())
                    .addKeyValue("offset", message.offset())
                    .log("Not a completion; passed over");
            return List.of();
        }
    }

    /** Kafka sets the flag again, and with it set nothing would close in an orderly way. */
    private static InterruptedException interrupted(InterruptException cause, KafkaConsumer<?, ?> consumer) {
        Thread.interrupted();
        consumer.close();
        InterruptedException interrupted = new InterruptedException(cause.getMessage());
        interrupted.initCause(cause);
        return interrupted;
    }

    @Override
    public void close() {
        consumer.close();
    }
}

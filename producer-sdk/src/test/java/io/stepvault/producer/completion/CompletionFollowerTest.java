package io.stepvault.producer.completion;

import static io.stepvault.producer.completion.Completions.stored;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepvault.event.BatchStored;
import io.stepvault.wire.SingleObjectCodec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens when Kafka's consumer breaks. The rest needs a broker: {@link StepCompletionsIT}. */
@Timeout(60)
class CompletionFollowerTest {
    private static final String TOPIC = "completions";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);

    private final List<BatchStored> told = new CopyOnWriteArrayList<>();
    private final Queue<MockConsumer<byte[], byte[]>> consumers = new ArrayDeque<>();
    private final StepWatches watches = new StepWatches();
    private final CompletionFollower follower = new CompletionFollower(
            this::nextConsumer,
            new AllPartitions(TOPIC, CompletionStart.earliest()),
            new Listener(Optional.empty(), watches, told::add),
            watches::close);

    @AfterEach
    void close() throws InterruptedException {
        assertThat(follower.close(Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void aConsumerThatBreaksIsReplacedAndReadsOnFromTheSamePosition() {
        MockConsumer<byte[], byte[]> first = consumer();
        first.schedulePollTask(() -> add(first, 0, 1));
        first.schedulePollTask(() -> first.setPollException(new TopicAuthorizationException(TOPIC)));
        MockConsumer<byte[], byte[]> second = consumer();
        second.schedulePollTask(() -> add(second, 0, 1, 2, 3));

        follower.start();

        await().until(() -> told.size() >= 4);
        assertThat(told)
                .extracting(batch -> Completions.step(batch).orElseThrow())
                .containsExactly("0", "1", "2", "3");
        assertThat(first.closed()).isTrue();
    }

    @Test
    void aPassingTroubleNeedsNoNewConsumer() {
        MockConsumer<byte[], byte[]> only = consumer();
        only.schedulePollTask(() -> only.setPollException(new TimeoutException("slow")));
        only.schedulePollTask(() -> add(only, 0));

        follower.start();

        await().until(() -> told.size() == 1);
        assertThat(only.closed()).isFalse();
    }

    private synchronized MockConsumer<byte[], byte[]> nextConsumer() {
        MockConsumer<byte[], byte[]> next = consumers.poll();
        if (next == null) {
            throw new KafkaException("Failed to construct kafka consumer");
        }
        return next;
    }

    private synchronized MockConsumer<byte[], byte[]> consumer() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
        Node node = new Node(1, "localhost", 9092);
        consumer.updatePartitions(
                TOPIC, List.of(new PartitionInfo(TOPIC, 0, node, new Node[] {node}, new Node[] {node})));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, 4L));
        consumers.add(consumer);
        return consumer;
    }

    private static void add(MockConsumer<byte[], byte[]> consumer, int... offsets) {
        for (int offset : offsets) {
            BatchStored batch = stored("a", Integer.toString(offset));
            byte[] value = SingleObjectCodec.completions().encode(batch);
            consumer.addRecord(new ConsumerRecord<>(TOPIC, 0, offset, new byte[0], value));
        }
    }
}

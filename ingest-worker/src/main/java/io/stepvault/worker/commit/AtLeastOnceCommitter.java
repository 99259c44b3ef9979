package io.stepvault.worker.commit;

import io.stepvault.event.BatchStored;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.worker.flow.PipelineThread;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Publishes the completions first and, once the brokers have them all, commits the offsets. A crash in between
 * publishes them again, which is knowingly allowed: a consumer tells repeats by their completion id.
 */
public final class AtLeastOnceCommitter implements Committer {
    private final Producer<byte[], byte[]> producer;
    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final PipelineThread thread;
    private final Duration timeout;
    private final SingleObjectCodec<BatchStored> codec = SingleObjectCodec.completions();

    /**
     * A committer of completions to {@code topic} and of offsets through {@code consumer}.
     *
     * @param timeout the longest that committing the offsets may hold the pipeline's thread
     */
    public AtLeastOnceCommitter(
            Producer<byte[], byte[]> producer,
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
            String topic,
            PipelineThread thread,
            Duration timeout) {
        this.producer = producer;
        this.consumer = consumer;
        this.topic = topic;
        this.thread = thread;
        this.timeout = timeout;
    }

    @Override
    public void commit(CommitUnit unit, Consumer<CommitOutcome> whenDone) {
        if (unit.completions().isEmpty()) {
            whenDone.accept(commitOffsets(unit));
            return;
        }
        List<CompletableFuture<Void>> published = new ArrayList<>();
        for (BatchStored completion : unit.completions()) {
            CompletableFuture<Void> sent = publish(completion);
            published.add(sent);
            if (sent.isCompletedExceptionally()) {
                break; // Each further one would hold the pipeline's thread as long.
            }
        }
        var unused = CompletableFuture.allOf(published.toArray(CompletableFuture<?>[]::new))
                .handle((nothing, failure) -> failure)
                .thenAccept(failure -> thread.execute(() -> whenDone.accept(
                        failure == null
                                ? commitOffsets(unit)
                                : new CommitOutcome.Failed(
                                        "publishing completions to " + topic + " fails: " + rootMessage(failure)))));
    }

    private CompletableFuture<Void> publish(BatchStored completion) {
        CompletableFuture<Void> published = new CompletableFuture<>();
        try {
            byte[] key = completion.getSessionId().getBytes(StandardCharsets.UTF_8);
            var unused =
                    producer.send(new ProducerRecord<>(topic, key, codec.encode(completion)), (metadata, failure) -> {
                        if (failure == null) {
                            published.complete(null);
                        } else {
                            published.completeExceptionally(failure);
                        }
                    });
        } catch (KafkaException e) {
            published.completeExceptionally(e);
        }
        return published;
    }

    private CommitOutcome commitOffsets(CommitUnit unit) {
        try {
            if (!unit.offsets().isEmpty()) {
                consumer.commitSync(unit.offsets(), timeout);
            }
            return new CommitOutcome.Committed();
        } catch (KafkaException e) {
            return new CommitOutcome.Failed("committing offsets fails: " + e.getMessage());
        }
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }
}

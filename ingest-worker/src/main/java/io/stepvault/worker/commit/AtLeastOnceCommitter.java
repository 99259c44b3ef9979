package io.stepvault.worker.commit;

import io.stepvault.worker.flow.PipelineThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Publishes dead letters and completions first and, once the brokers have them all, commits the offsets. A crash in
 * between publishes them again, which is knowingly allowed: a consumer tells repeats by their completion id, or by the
 * source offset of a dead letter.
 */
public final class AtLeastOnceCommitter implements Committer {
    private static final long BUNDLE_BYTES = 8L << 20;

    private final Producer<byte[], byte[]> producer;
    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final CommitRecords records;
    private final PipelineThread thread;
    private final Duration timeout;

    /**
     * A committer of records through {@code producer} and of offsets through {@code consumer}.
     *
     * @param timeout the longest that committing the offsets may hold the pipeline's thread
     */
    public AtLeastOnceCommitter(
            Producer<byte[], byte[]> producer,
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer,
            CommitRecords records,
            PipelineThread thread,
            Duration timeout) {
        this.producer = producer;
        this.consumer = consumer;
        this.records = records;
        this.thread = thread;
        this.timeout = timeout;
    }

    @Override
    public void commit(CommitUnit unit, Consumer<CommitOutcome> whenDone) {
        if (unit.hasNoRecords()) {
            whenDone.accept(commitOffsets(unit));
            return;
        }
        CommitRecords.Parts parts = records.of(unit);
        List<CompletableFuture<Void>> published = new ArrayList<>();
        boolean goesOn = true;
        Iterator<List<ProducerRecord<byte[], byte[]>>> bundles = parts.ahead(BUNDLE_BYTES);
        while (goesOn && bundles.hasNext()) {
            goesOn = publish(bundles.next(), published);
        }
        if (goesOn) {
            publish(parts.withOffsets(), published);
        }
        var unused = CompletableFuture.allOf(published.toArray(CompletableFuture<?>[]::new))
                .handle((nothing, failure) -> failure)
                .thenAccept(failure -> thread.execute(() -> whenDone.accept(
                        failure == null
                                ? commitOffsets(unit)
                                : new CommitOutcome.Failed("publishing fails: " + rootMessage(failure)))));
    }

    /** Whether it makes sense to go on: after a failure, each further record would hold the pipeline's thread as long. */
    private boolean publish(List<ProducerRecord<byte[], byte[]>> bundle, List<CompletableFuture<Void>> published) {
        for (ProducerRecord<byte[], byte[]> next : bundle) {
            CompletableFuture<Void> sent = publish(next);
            published.add(sent);
            if (sent.isCompletedExceptionally()) {
                return false;
            }
        }
        return true;
    }

    private CompletableFuture<Void> publish(ProducerRecord<byte[], byte[]> next) {
        CompletableFuture<Void> published = new CompletableFuture<>();
        try {
            var unused = producer.send(next, (metadata, failure) -> {
                if (failure == null) {
                    published.complete(null);
                } else {
                    published.completeExceptionally(
                            new KafkaException("topic " + next.topic() + ": " + failure.getMessage()));
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

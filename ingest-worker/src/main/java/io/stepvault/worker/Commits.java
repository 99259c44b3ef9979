package io.stepvault.worker;

import io.stepvault.worker.commit.AdminCommittedOffsets;
import io.stepvault.worker.commit.AtLeastOnceCommitter;
import io.stepvault.worker.commit.CommitRecords;
import io.stepvault.worker.commit.Committer;
import io.stepvault.worker.commit.TransactionSettings;
import io.stepvault.worker.commit.TransactionalCommitter;
import io.stepvault.worker.config.Delivery;
import io.stepvault.worker.config.KafkaConfig;
import io.stepvault.worker.config.WorkerConfig;
import io.stepvault.worker.deadletter.DeadLetterFormat;
import io.stepvault.worker.flow.PipelineThread;
import java.time.Duration;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How the worker commits, as it is configured.
 *
 * @param trouble what the committer waits for, if it does
 */
record Commits(Committer committer, Supplier<Optional<String>> trouble) {
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(100);

    /**
     * What the configuration asks for.
     *
     * @param worker of this worker alone, and the same after a restart
     * @param opened where to leave what has to be closed
     */
    static Commits of(
            WorkerConfig config,
            UUID worker,
            Consumer<byte[], byte[]> consumer,
            Admin admin,
            PipelineThread thread,
            Deque<AutoCloseable> opened) {
        KafkaConfig kafka = config.kafka();
        CommitRecords records = new CommitRecords(
                kafka.topics().completions(),
                letter -> DeadLetterFormat.records(letter, kafka.topics().deadLetters()));
        if (config.commit().delivery() == Delivery.AT_LEAST_ONCE) {
            Producer<byte[], byte[]> producer = producer(kafka.producerProperties());
            opened.addFirst(producer);
            return new Commits(
                    new AtLeastOnceCommitter(producer, consumer, records, thread, ANSWER_TIMEOUT), Optional::empty);
        }
        String transactionalId = "stepvault-" + worker;
        TransactionalCommitter committer = new TransactionalCommitter(
                () -> producer(kafka.transactionalProducerProperties(transactionalId)),
                new TransactionSettings(transactionalId, kafka.transactionTimeout(), RETRY_INTERVAL, new Random()),
                consumer::groupMetadata,
                new AdminCommittedOffsets(admin, kafka.groupId(), ANSWER_TIMEOUT),
                records,
                thread,
                Executors.newSingleThreadScheduledExecutor(Commits::commitThread));
        opened.addFirst(committer);
        return new Commits(committer, committer::trouble);
    }

    private static Thread commitThread(Runnable task) {
        Thread thread = new Thread(task, "stepvault-commit");
        thread.setDaemon(true);
        return thread;
    }

    private static Producer<byte[], byte[]> producer(Map<String, Object> properties) {
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }
}

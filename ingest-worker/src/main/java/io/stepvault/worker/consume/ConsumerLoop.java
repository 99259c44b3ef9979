package io.stepvault.worker.consume;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pipeline's thread: owns the consumer, feeds the pipeline with records, answers and time, and holds partitions back
 * while memory is full: paused, but polled, so that the worker stays in its group.
 *
 * <p>{@link #run} belongs to one thread; {@link #stop} may be called from any.
 */
public final class ConsumerLoop implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(ConsumerLoop.class);

    private static final Duration IDLE_WAIT = Duration.ofMillis(100);
    private static final Duration BUSY_WAIT = Duration.ofMillis(5);
    private static final Duration WAIT_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration LONGEST_ROUND = Duration.ofSeconds(1);
    private static final Duration LEAVE_GROUP_TIMEOUT = Duration.ofSeconds(5);

    private final ConsumerSettings settings;
    private final Consumer<byte[], byte[]> consumer;
    private final ConsumerEvents pipeline;
    private final Assigner assigner;
    private final Mailbox mailbox;
    private final ConsumerHealth health;
    private final BrokerContact brokers;

    private volatile boolean stopping;

    /** A loop over {@code consumer}, which it closes when it ends. */
    public ConsumerLoop(
            ConsumerSettings settings,
            Consumer<byte[], byte[]> consumer,
            ConsumerEvents pipeline,
            Assigner assigner,
            Mailbox mailbox,
            ConsumerHealth health) {
        this.settings = settings;
        this.consumer = consumer;
        this.pipeline = pipeline;
        this.assigner = assigner;
        this.mailbox = mailbox;
        this.health = health;
        this.brokers = new BrokerContact(consumer, mailbox.clock());
    }

    /**
     * Runs until {@link #stop} is called, then stores and commits what was read, and leaves the group.
     *
     * @throws TopicRefusedException if the topic must not be consumed
     * @throws InstanceIdTakenException if another worker is in the group under the same {@code group.instance.id}
     */
    @Override
    public void run() {
        try {
            awaitTopic();
            join();
            while (!stopping) {
                round();
            }
            finish();
        } catch (InterruptedException | InterruptException e) {
            Thread.currentThread().interrupt();
            log.atWarn().log("Consumer interrupted; what was read and not committed will be read again");
        } finally {
            consumer.close(CloseOptions.timeout(LEAVE_GROUP_TIMEOUT));
        }
    }

    /** The first step of {@link #run}, for who takes them one by one: the topic is there, the group may be joined. */
    public void join() {
        consumer.subscribe(List.of(settings.topic()), assigner);
        log.atInfo().addKeyValue("topic", settings.topic()).log("Polling");
    }

    /** Asks the loop to end. Returns at once. */
    public void stop() {
        stopping = true;
    }

    /** Until the topic is there, joining a group would only fill the log. */
    private void awaitTopic() throws InterruptedException {
        while (!stopping) {
            health.wentRound();
            Optional<String> trouble = assigner.lookUpTopic();
            if (trouble.isEmpty()) {
                return;
            }
            health.fails(trouble.get());
            waitAfterFailure();
        }
    }

    /**
     * A step of {@link #run}: lets the pipeline go on, and reads what is there.
     *
     * @throws InterruptedException if the thread is interrupted while it waits
     */
    public void round() throws InterruptedException {
        health.wentRound();
        mailbox.runAll();
        pipeline.tick();
        assigner.announce();
        var unused = goBack();
        pauseOrResume();
        try {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(pipeline.isBusy() ? BUSY_WAIT : IDLE_WAIT);
            // Of a rebalance in this very poll: a partition may have been lost, or has to be read again from further
            // back.
            Set<TopicPartition> readAgain = goBack();
            for (TopicPartition partition : records.partitions()) {
                if (assigner.isAssigned(partition) && !readAgain.contains(partition)) {
                    records.records(partition).forEach(pipeline::record);
                }
            }
            noteEnds(records.partitions());
            if (assigner.isReading()) {
                brokers.trouble().ifPresentOrElse(health::fails, health::works);
            }
        } catch (NoOffsetForPartitionException e) {
            assigner.startAtEarliest(e.partitions());
        } catch (OffsetOutOfRangeException e) {
            assigner.startAgain(e.offsetOutOfRangePartitions());
        } catch (InterruptException e) {
            throw e;
        } catch (FencedInstanceIdException | UnreleasedInstanceIdException e) {
            // Joining again would throw the other worker out, which would then do the same, and so on.
            throw new InstanceIdTakenException(
                    consumer.groupMetadata().groupInstanceId().orElse("(unknown)"), e);
        } catch (KafkaException e) {
            if (e.getCause() instanceof RuntimeException bug && !(bug instanceof KafkaException)) {
                throw e; // from our own rebalance callback
            }
            health.fails("reading from " + settings.topic() + " fails: " + e.getMessage());
            waitAfterFailure();
        }
    }

    /** Takes the reader back to where the pipeline wants it; returns the partitions of which it does. */
    private Set<TopicPartition> goBack() {
        Map<TopicPartition, Long> rewinds = pipeline.takeRewinds();
        rewinds.forEach(consumer::seek);
        return rewinds.keySet();
    }

    /**
     * A partition without lag that brought nothing has had nothing to read since the fetch before. While no fetch is
     * answered nothing is known: the lag is that of the last answer.
     */
    private void noteEnds(Set<TopicPartition> brought) {
        Duration sinceLastFetch = brokers.newlyFetched();
        if (sinceLastFetch.isZero()) {
            return;
        }
        Set<TopicPartition> atEnd = new HashSet<>(assigner.announced());
        atEnd.removeAll(brought);
        atEnd.removeAll(consumer.paused());
        atEnd.removeIf(partition -> consumer.currentLag(partition).orElse(1) > 0);
        pipeline.wereAtEnd(atEnd, sinceLastFetch.compareTo(LONGEST_ROUND) < 0 ? sinceLastFetch : LONGEST_ROUND);
    }

    /** Every round, because a rebalance may have brought partitions that are not paused. */
    private void pauseOrResume() {
        Map<Boolean, List<TopicPartition>> announced =
                assigner.announced().stream().collect(Collectors.partitioningBy(pipeline::mayRead));
        consumer.pause(announced.getOrDefault(false, List.of()));
        consumer.resume(announced.getOrDefault(true, List.of()));
    }

    /** The last step of {@link #run}: stores and commits what was read, as far as the time for that allows. */
    public void finish() {
        Set<TopicPartition> held = assigner.announced();
        log.atInfo().addKeyValue("partitions", held).log("Stopping; storing what was read");
        if (!assigner.drain(held, settings.shutdownTimeout())) {
            log.atWarn()
                    .addKeyValue("partitions", held)
                    .addKeyValue("timeout", settings.shutdownTimeout())
                    .log("Shutdown timed out; what is not committed will be read again by the next owner");
        }
        pipeline.left(held);
    }

    private void waitAfterFailure() throws InterruptedException {
        Instant until = mailbox.clock().instant().plus(WAIT_AFTER_FAILURE);
        while (!stopping && mailbox.clock().instant().isBefore(until)) {
            mailbox.awaitAndRun(IDLE_WAIT);
            pipeline.tick();
        }
    }
}

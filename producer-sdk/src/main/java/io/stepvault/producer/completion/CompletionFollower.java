package io.stepvault.producer.completion;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the topic on a daemon thread of its own, with a new consumer whenever one breaks, until it is closed. Never
 * interrupts that thread, which may be in the application's callback.
 *
 * <p>{@link #close} and {@link #awaitReady} are for any thread.
 */
final class CompletionFollower {
    private static final Logger log = LoggerFactory.getLogger(CompletionFollower.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LETTING_GO = Duration.ofSeconds(1);
    private static final long FIRST_PAUSE_MS = 100;
    private static final long LONGEST_PAUSE_MS = 5_000;

    private final Supplier<? extends Consumer<byte[], byte[]>> consumers;
    private final CompletionSource source;
    private final Listener listener;
    private final Runnable atEnd;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch ready = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "stepvault-completions");
    private volatile @Nullable Consumer<byte[], byte[]> current;
    private long pauseMs = FIRST_PAUSE_MS;
    private long troubles;

    CompletionFollower(
            Supplier<? extends Consumer<byte[], byte[]>> consumers,
            CompletionSource source,
            Listener listener,
            Runnable atEnd) {
        this.consumers = consumers;
        this.source = source;
        this.listener = listener;
        this.atEnd = atEnd;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Waits until it is settled where reading starts. */
    boolean awaitReady(Duration timeout) throws InterruptedException {
        return ready.await(TimeUnit.NANOSECONDS.convert(timeout), TimeUnit.NANOSECONDS) && !isClosing();
    }

    /** Asks the thread to end, and waits for it unless it is the one that asks. Returns whether it has ended. */
    boolean close(Duration timeout) throws InterruptedException {
        closing.countDown();
        Consumer<byte[], byte[]> consumer = current;
        if (consumer != null) {
            consumer.wakeup();
        }
        if (Thread.currentThread() != thread) {
            TimeUnit.NANOSECONDS.timedJoin(thread, TimeUnit.NANOSECONDS.convert(timeout));
        }
        return !thread.isAlive();
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void run() {
        try {
            while (!isClosing()) {
                Consumer<byte[], byte[]> consumer = null;
                try {
                    consumer = consumers.get();
                    current = consumer;
                    source.begin(consumer);
                    follow(consumer);
                } catch (WakeupException e) {
                    log.atDebug().log("Following completions ends");
                } catch (RuntimeException e) {
                    pauseAfter(e);
                } finally {
                    current = null;
                    letGo(consumer);
                }
            }
        } catch (InterruptedException e) {
            log.atWarn().log("The thread that follows completions was interrupted by other code; it ends");
        } finally {
            closing.countDown();
            ready.countDown();
            atEnd.run();
        }
    }

    private void follow(Consumer<byte[], byte[]> consumer) throws InterruptedException {
        while (!isClosing()) {
            try {
                if (source.refresh(consumer)) {
                    step(consumer);
                } else {
                    closing.await(FIRST_PAUSE_MS, TimeUnit.MILLISECONDS);
                }
                if (source.isReady()) {
                    ready.countDown();
                }
                pauseMs = FIRST_PAUSE_MS;
                troubles = 0;
            } catch (OffsetOutOfRangeException e) {
                skipExpired(consumer, e.offsetOutOfRangePartitions());
            } catch (RetriableException e) {
                pauseAfter(e);
            }
        }
    }

    private void step(Consumer<byte[], byte[]> consumer) {
        Map<TopicPartition, Long> next = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            if (isClosing()) {
                break;
            }
            listener.tell(record);
            next.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
        }
        source.told(consumer, next);
    }

    private void skipExpired(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> positions) {
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(positions.keySet());
        beginnings.forEach((partition, beginning) -> {
            long position = positions.getOrDefault(partition, beginning);
            listener.expired(Math.max(0, beginning - position));
            log.atError()
                    .addKeyValue("partition", partition)
                    .addKeyValue("position", position)
                    .addKeyValue("beginning", beginning)
                    .log("The topic has no completions at the position any more; reading on from its beginning");
            consumer.seek(partition, beginning);
        });
        source.told(consumer, beginnings);
    }

    private void pauseAfter(RuntimeException trouble) throws InterruptedException {
        if (Long.bitCount(++troubles) == 1) {
            log.atWarn()
                    .addKeyValue("reason", trouble.toString())
                    .addKeyValue("attempts", troubles)
                    .log("Completions cannot be read now; it will be tried again");
        }
        closing.await(pauseMs, TimeUnit.MILLISECONDS);
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    }

    private static void letGo(@Nullable Consumer<byte[], byte[]> consumer) {
        if (consumer != null) {
            try {
                consumer.close(CloseOptions.timeout(LETTING_GO));
            } catch (RuntimeException e) {
                log.atDebug().setCause(e).log("The consumer of completions did not close cleanly");
            }
        }
    }
}

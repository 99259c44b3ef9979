package io.stepvault.producer;

import io.stepvault.event.StepCapture;
import io.stepvault.wire.SingleObjectCodec;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Takes captures from the outbox in order, serializes them and hands them to Kafka's producer, on a daemon thread of
 * its own. A capture that Kafka's producer does not take now (no broker, no such topic, no room in its buffer, no
 * permission) is held and tried again until it does, with everything else waiting behind it: an outage is not an error.
 *
 * <p>Only {@link #close} is for other threads.
 */
final class KafkaSender {
    private static final Logger log = LoggerFactory.getLogger(KafkaSender.class);
    private static final Duration LOG_INTERVAL = Duration.ofSeconds(30);
    private static final long HELD_PAUSE_MS = 50;
    private static final long FIRST_CREATE_PAUSE_MS = 200;
    private static final long LONGEST_CREATE_PAUSE_MS = 5_000;
    /** What {@link #close} may take beyond its time, for Kafka's producer to fail what it still holds. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long LONGEST_WAIT_NANOS = TimeUnit.DAYS.toNanos(365);

    private final Outbox outbox;
    private final String topic;
    private final Supplier<Producer<byte[], byte[]>> producers;
    private final Notifier notifier;
    private final SingleObjectCodec<StepCapture> codec = SingleObjectCodec.stepCaptures();
    private final Thread thread = new Thread(this::run, "stepvault-publisher");
    private final CountDownLatch drained = new CountDownLatch(1);
    private final LogThrottle holdingLog;

    private @Nullable Producer<byte[], byte[]> producer;
    private long createPauseMs = FIRST_CREATE_PAUSE_MS;
    private boolean holding;
    private volatile long closeAtNanos;
    private volatile boolean lettingGo;

    KafkaSender(
            Outbox outbox, String topic, Supplier<Producer<byte[], byte[]>> producers, Notifier notifier, Clock clock) {
        this.outbox = outbox;
        this.topic = topic;
        this.producers = producers;
        this.notifier = notifier;
        this.holdingLog = new LogThrottle(clock, LOG_INTERVAL);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /**
     * Waits for what is queued to go out, gives up what has not when the time is up, and ends the thread. Call it once,
     * after the outbox was closed.
     */
    CloseReport close(Duration timeout) {
        closeAtNanos = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
        long inQueue = 0;
        try {
            if (!drained.await(nanosLeft(), TimeUnit.NANOSECONDS)) {
                inQueue += giveUp();
            }
            TimeUnit.NANOSECONDS.timedJoin(thread, nanosLeft() + GRACE_NANOS);
        } catch (InterruptedException e) {
            closeAtNanos = System.nanoTime();
            inQueue += giveUp();
            Thread.currentThread().interrupt();
        }
        PublisherStats stats = outbox.stats(0);
        long inAll = stats.dropped(DropReason.ABANDONED) + stats.backlog().inFlight();
        return new CloseReport(inQueue, inAll - inQueue);
    }

    private long giveUp() {
        List<Ticket> queued = outbox.abandonQueue();
        queued.forEach(ticket ->
                notifier.dropped(ticket, DropReason.ABANDONED, "the publisher was closed before it was sent"));
        thread.interrupt();
        return queued.size();
    }

    private long nanosLeft() {
        return Math.min(Math.max(0, closeAtNanos - System.nanoTime()), LONGEST_WAIT_NANOS);
    }

    private void run() {
        try {
            for (QueuedCapture next = outbox.take(); next != null; next = outbox.take()) {
                send(next);
                while (notifier.isBehind()) {
                    Thread.sleep(HELD_PAUSE_MS);
                }
            }
        } catch (InterruptedException e) {
            log.atDebug().log("The publisher was closed before everything was sent");
        } finally {
            drained.countDown();
            lettingGo = true;
            letGo(Duration.ofNanos(nanosLeft()));
        }
    }

    private void send(QueuedCapture next) throws InterruptedException {
        Ticket ticket = next.ticket();
        try {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                    topic,
                    next.capture().getSessionId().getBytes(StandardCharsets.UTF_8),
                    codec.encode(next.numbered()));
            while (!handOver(record, ticket)) {
                Thread.sleep(HELD_PAUSE_MS);
            }
        } catch (InterruptedException | InterruptException e) {
            // Kafka's exception sets the flag again; this thread is about to use Kafka's producer once more, to close
            // it.
            Thread.interrupted();
            abandon(ticket);
            throw new InterruptedException();
        } catch (RuntimeException | Error e) {
            // One capture must not stop all others, whatever is wrong with it.
            fail(ticket, e instanceof Exception exception ? exception : new IllegalStateException(e));
        }
    }

    /** Returns false if Kafka does not take the record now. */
    private boolean handOver(ProducerRecord<byte[], byte[]> record, Ticket ticket) throws InterruptedException {
        Producer<byte[], byte[]> current = producer;
        if (current == null) {
            try {
                current = producers.get();
                producer = current;
            } catch (RuntimeException e) {
                hold(e);
                pauseBeforeNextProducer();
                return false;
            }
        }
        Handover handover = new Handover(ticket);
        try {
            Future<RecordMetadata> unused = current.send(record, handover); // the callback hears all
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            // The producer is beyond repair (a fatal error, or closed): a new one may do.
            hold(e);
            letGo(Duration.ZERO);
            pauseBeforeNextProducer();
            return false;
        }
        Exception notNow = handover.end();
        if (notNow != null) {
            hold(notNow);
            return false;
        }
        createPauseMs = FIRST_CREATE_PAUSE_MS;
        if (holding) {
            holding = false;
            log.atInfo().addKeyValue("topic", topic).log("Kafka takes captures again");
        }
        return true;
    }

    private void pauseBeforeNextProducer() throws InterruptedException {
        Thread.sleep(createPauseMs);
        createPauseMs = Math.min(2 * createPauseMs, LONGEST_CREATE_PAUSE_MS);
    }

    private void hold(Exception reason) {
        holding = true;
        if (holdingLog.count() > 0) {
            boolean needsOperator =
                    reason instanceof AuthenticationException || reason instanceof AuthorizationException;
            log.atLevel(needsOperator ? Level.ERROR : Level.WARN)
                    .addKeyValue("topic", topic)
                    .addKeyValue("reason", reason.toString())
                    .log("Kafka takes no captures; they wait in the queue, and it will be tried again");
        }
    }

    private void letGo(Duration timeout) {
        Producer<byte[], byte[]> current = producer;
        producer = null;
        if (current != null) {
            try {
                current.close(timeout);
            } catch (RuntimeException e) {
                log.atWarn().setCause(e).log("Kafka's producer did not close cleanly");
            }
        }
    }

    private void abandon(Ticket ticket) {
        if (outbox.abandon(ticket)) {
            notifier.dropped(ticket, DropReason.ABANDONED, "the publisher was closed before it was acknowledged");
        }
    }

    private void fail(Ticket ticket, Exception cause) {
        if (outbox.fail(ticket)) {
            notifier.failed(ticket, cause);
        }
    }

    /**
     * Hears what became of one record. Kafka's producer reports what it did not take through the callback as well, but
     * on the thread that sends, before {@code send} returns.
     */
    private final class Handover implements Callback {
        private final Ticket ticket;
        private volatile boolean sending = true;
        private @Nullable Exception notNow;

        Handover(Ticket ticket) {
            this.ticket = ticket;
        }

        @Nullable
        Exception end() {
            sending = false;
            return notNow;
        }

        @Override
        public void onCompletion(RecordMetadata metadata, @Nullable Exception exception) {
            if (exception == null) {
                if (outbox.acknowledge(ticket)) {
                    notifier.acknowledged(
                            ticket, new Acknowledgement(metadata.topic(), metadata.partition(), metadata.offset()));
                }
            } else if (sending && Thread.currentThread() == thread && !(exception instanceof RecordTooLargeException)) {
                notNow = exception;
            } else if (lettingGo) {
                abandon(ticket);
            } else {
                fail(ticket, exception);
            }
        }
    }
}

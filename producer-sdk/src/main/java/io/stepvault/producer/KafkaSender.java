package io.stepvault.producer;

import io.stepvault.event.StepCapture;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes captures from the outbox in order, has them redacted, serializes them and hands them to Kafka's producer, on a
 * daemon thread of its own. A record that Kafka's producer does not take now is held and tried again until it does, with
 * everything else waiting behind it: an outage is not an error.
 *
 * <p>Only {@link #close} is for other threads.
 */
final class KafkaSender {
    private static final Logger log = LoggerFactory.getLogger(KafkaSender.class);
    private static final long HELD_PAUSE_MS = 50;
    /** What {@link #close} may take beyond its time, for Kafka's producer to fail what it still holds. */
    private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final long LONGEST_WAIT_NANOS = TimeUnit.DAYS.toNanos(365);

    private final Outbox outbox;
    private final Optional<Redaction> redaction;
    private final CaptureRecords.Maker maker;
    private final KafkaLink link;
    private final Notifier notifier;
    private final Thread thread = new Thread(this::run, "stepvault-publisher");
    private final CountDownLatch drained = new CountDownLatch(1);

    private volatile long closeAtNanos;
    private volatile boolean lettingGo;

    KafkaSender(
            Outbox outbox,
            Optional<Redaction> redaction,
            CaptureRecords.Maker maker,
            KafkaLink link,
            Notifier notifier) {
        this.outbox = outbox;
        this.redaction = redaction;
        this.maker = maker;
        this.link = link;
        this.notifier = notifier;
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
            link.letGo(Duration.ofNanos(nanosLeft()));
            maker.encoder().close();
        }
    }

    private void send(QueuedCapture next) throws InterruptedException {
        Ticket ticket = next.ticket();
        try {
            StepCapture capture = next.numbered();
            if (redaction.isPresent()) {
                Redaction.Result result = redaction.get().redact(capture);
                if (result instanceof Redaction.Result.Dropped dropped) {
                    drop(ticket, dropped.reason(), dropped.detail());
                    return;
                }
                capture = ((Redaction.Result.Kept) result).capture();
            }
            handOver(maker.of(capture), ticket);
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

    /** Returns when Kafka has taken every record of the capture, or one has failed already. */
    private void handOver(CaptureRecords records, Ticket ticket) throws InterruptedException {
        Delivery delivery = delivery(records, ticket);
        ProducerRecord<byte[], byte[]> record = records.get(0);
        int taken = 0;
        while (taken < records.count() && !delivery.isOver()) {
            switch (link.offer(record, delivery)) {
                case TAKEN -> {
                    taken++;
                    record = taken < records.count() ? records.get(taken) : record;
                }
                case NOT_NOW -> Thread.sleep(HELD_PAUSE_MS);
                case BROKEN -> {
                    // Which chunks the lost producer has delivered is not known: all are sent again, under the same id.
                    // The worker passes over those that come twice.
                    delivery.supersede();
                    link.replace();
                    delivery = delivery(records, ticket);
                    taken = 0;
                    record = records.get(0);
                }
            }
        }
    }

    private Delivery delivery(CaptureRecords records, Ticket ticket) {
        return new Delivery(records.count(), new Delivery.Settling() {
            @Override
            public void acknowledged(Acknowledgement last) {
                if (outbox.acknowledge(ticket)) {
                    notifier.acknowledged(ticket, last);
                }
            }

            @Override
            public void failed(Exception cause) {
                if (lettingGo) {
                    abandon(ticket);
                } else {
                    fail(ticket, cause);
                }
            }
        });
    }

    private void abandon(Ticket ticket) {
        drop(ticket, DropReason.ABANDONED, "the publisher was closed before it was acknowledged");
    }

    private void drop(Ticket ticket, DropReason reason, String detail) {
        if (outbox.drop(ticket, reason)) {
            notifier.dropped(ticket, reason, detail);
        }
    }

    private void fail(Ticket ticket, Exception cause) {
        if (outbox.fail(ticket)) {
            notifier.failed(ticket, cause);
        }
    }
}

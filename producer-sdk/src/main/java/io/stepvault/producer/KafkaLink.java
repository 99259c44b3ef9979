package io.stepvault.producer;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Future;
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
 * Kafka's producer: made when it is first needed, made anew when it is beyond repair, and asked so that an outage can be
 * told from a refusal. For one thread.
 */
final class KafkaLink {
    private static final Logger log = LoggerFactory.getLogger(KafkaLink.class);
    private static final Duration LOG_INTERVAL = Duration.ofSeconds(30);
    private static final long FIRST_CREATE_PAUSE_MS = 200;
    private static final long LONGEST_CREATE_PAUSE_MS = 5_000;

    private final Supplier<? extends Producer<byte[], byte[]>> producers;
    private final LogThrottle holdingLog;
    private @Nullable Producer<byte[], byte[]> producer;
    private long createPauseMs = FIRST_CREATE_PAUSE_MS;
    private boolean holding;

    KafkaLink(Supplier<? extends Producer<byte[], byte[]>> producers, Clock clock) {
        this.producers = producers;
        this.holdingLog = new LogThrottle(clock, LOG_INTERVAL);
    }

    /** What Kafka's producer says to a record. */
    enum Answer {
        /** It has it. The callback will hear what becomes of it, or has heard. */
        TAKEN,
        /** Not now (no broker, no such topic, no room in its buffer, no permission). The callback hears nothing. */
        NOT_NOW,
        /** Never again: it must be {@link #replace}d, and what it had taken and not delivered is lost. */
        BROKEN
    }

    /** Offers a record. Waits for {@code max.block.ms} at most, or until it makes sense to try to make a producer again. */
    Answer offer(ProducerRecord<byte[], byte[]> record, Callback callback) throws InterruptedException {
        Producer<byte[], byte[]> current = producer;
        if (current == null) {
            try {
                current = producers.get();
                producer = current;
            } catch (RuntimeException e) {
                hold(record.topic(), e);
                pauseBeforeNextProducer();
                return Answer.NOT_NOW;
            }
        }
        Offer offer = new Offer(callback);
        try {
            Future<RecordMetadata> unused = current.send(record, offer); // the callback hears all
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            hold(record.topic(), e); // a fatal error, or closed: a new one may do
            return Answer.BROKEN;
        }
        Exception notNow = offer.end();
        if (notNow != null) {
            hold(record.topic(), notNow);
            return Answer.NOT_NOW;
        }
        createPauseMs = FIRST_CREATE_PAUSE_MS;
        if (holding) {
            holding = false;
            log.atInfo().addKeyValue("topic", record.topic()).log("Kafka takes captures again");
        }
        return Answer.TAKEN;
    }

    /** Lets go of the producer, which fails what it still has. The next offer makes another; waits for when to try. */
    void replace() throws InterruptedException {
        letGo(Duration.ZERO);
        pauseBeforeNextProducer();
    }

    /** Closes the producer, if there is one, giving it some time to send what it has. */
    void letGo(Duration timeout) {
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

    private void pauseBeforeNextProducer() throws InterruptedException {
        Thread.sleep(createPauseMs);
        createPauseMs = Math.min(2 * createPauseMs, LONGEST_CREATE_PAUSE_MS);
    }

    private void hold(String topic, Exception reason) {
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

    /**
     * Tells what was not taken from what failed. Kafka's producer reports both through the callback, but what it did not
     * take on the thread that sends, before {@code send} returns.
     */
    private static final class Offer implements Callback {
        private final Callback callback;
        private final Thread sender = Thread.currentThread();
        private volatile boolean sending = true;
        private @Nullable Exception notNow;

        Offer(Callback callback) {
            this.callback = callback;
        }

        @Nullable
        Exception end() {
            sending = false;
            return notNow;
        }

        @Override
        public void onCompletion(RecordMetadata metadata, @Nullable Exception exception) {
            boolean notTaken = exception != null
                    && sending
                    && Thread.currentThread() == sender
                    && !(exception instanceof RecordTooLargeException);
            if (notTaken) {
                notNow = exception;
            } else {
                callback.onCompletion(metadata, exception);
            }
        }
    }
}

package io.stepvault.producer.completion;

import io.stepvault.event.BatchStored;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.wire.UndecodableException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes completions out of records and tells those who asked. Counts can be read by any thread; for one thread otherwise. */
final class Listener {
    private static final Logger log = LoggerFactory.getLogger(Listener.class);

    private final SingleObjectCodec<BatchStored> codec = SingleObjectCodec.completions();
    private final Optional<Set<String>> sessions;
    private final StepWatches watches;
    private final Consumer<BatchStored> callback;
    private final AtomicLong told = new AtomicLong();
    private final AtomicLong callbackFailures = new AtomicLong();
    private final AtomicLong ofOtherSessions = new AtomicLong();
    private final AtomicLong undecodable = new AtomicLong();
    private final AtomicLong expired = new AtomicLong();

    /**
     * A listener.
     *
     * @param sessions the only sessions that the callback is told of; all if empty
     */
    Listener(Optional<Set<String>> sessions, StepWatches watches, Consumer<BatchStored> callback) {
        this.sessions = sessions;
        this.watches = watches;
        this.callback = callback;
    }

    /** Throws nothing. */
    void tell(ConsumerRecord<byte[], byte[]> record) {
        BatchStored batch;
        try {
            batch = codec.decode(record.value() == null ? new byte[0] : record.value());
        } catch (UndecodableException e) {
            if (isDue(undecodable.incrementAndGet())) {
                log.atWarn()
                        .addKeyValue("topic", record.topic())
                        .addKeyValue("partition", record.partition())
                        .addKeyValue("offset", record.offset())
                        .addKeyValue("records", undecodable)
                        .addKeyValue("detail", e.getMessage())
                        .log("Records that hold no completion were passed over; the last one is named");
            }
            return;
        }
        watches.see(batch);
        if (sessions.isPresent() && !sessions.get().contains(batch.getSessionId())) {
            ofOtherSessions.incrementAndGet();
            return;
        }
        try {
            callback.accept(batch);
        } catch (RuntimeException | Error e) {
            if (isDue(callbackFailures.incrementAndGet())) {
                log.atError()
                        .addKeyValue("session", batch.getSessionId())
                        .addKeyValue("completion", batch.getCompletionId())
                        .addKeyValue("failures", callbackFailures)
                        .setCause(e)
                        .log("The callback for completions threw; it goes on with the next one");
            }
        }
        told.incrementAndGet();
    }

    /** Retention was quicker. */
    void expired(long offsets) {
        expired.addAndGet(offsets);
    }

    CompletionStats stats() {
        return new CompletionStats(
                told.get(), callbackFailures.get(), ofOtherSessions.get(), undecodable.get(), expired.get());
    }

    /** The first, the second, the fourth and so on: enough to see that it goes on, and never a flood. */
    private static boolean isDue(long count) {
        return Long.bitCount(count) == 1;
    }
}

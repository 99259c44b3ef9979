package io.stepvault.worker.deadletter;

import io.stepvault.worker.flow.DeadLetter;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** How a dead letter lies on its topic: to be written. Stateless; safe for any thread. */
public final class DeadLetterFormat {
    private DeadLetterFormat() {}

    /** The records that carry a dead letter: one, or one for each chunk. */
    public static List<ProducerRecord<byte[], byte[]>> records(DeadLetter letter, String topic) {
        return List.of(new ProducerRecord<>(
                topic, letter.record().key(), letter.record().value()));
    }
}

package io.stepvault.worker.deadletter;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;

/** Sends letters with their markers, one transaction at a time. Only one thread may use it. */
final class RedriveTransactions {
    private static final int COMMIT_ATTEMPTS = 5;

    private final Producer<byte[], byte[]> producer;

    RedriveTransactions(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /**
     * Sends all of these records, or none.
     *
     * @param letters the records of each letter
     * @return which letters the brokers refuse and why; if there are any, nothing was sent
     * @throws KafkaException if it is not known whether it was sent; only a new producer can tell
     */
    Map<Integer, String> send(List<List<ProducerRecord<byte[], byte[]>>> letters) {
        producer.beginTransaction();
        List<List<Future<RecordMetadata>>> sent = new ArrayList<>();
        try {
            for (List<ProducerRecord<byte[], byte[]>> letter : letters) {
                List<Future<RecordMetadata>> futures = new ArrayList<>();
                sent.add(futures);
                letter.forEach(record -> futures.add(producer.send(record)));
            }
            producer.flush();
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            // After a record that is refused, the producer takes no more in this transaction.
            Map<Integer, String> refused = refused(sent);
            if (refused.isEmpty()) {
                throw e;
            }
            producer.abortTransaction();
            return refused;
        }
        Map<Integer, String> refused = refused(sent);
        if (!refused.isEmpty()) {
            producer.abortTransaction();
            return refused;
        }
        for (List<Future<RecordMetadata>> futures : sent) {
            for (Future<RecordMetadata> future : futures) {
                failure(future).ifPresent(RedriveTransactions::rethrow);
            }
        }
        commit();
        return Map.of();
    }

    /** A commit that timed out may have been done: only asking again tells. */
    private void commit() {
        for (int attempt = 1; ; attempt++) {
            try {
                producer.commitTransaction();
                return;
            } catch (TimeoutException e) {
                if (attempt == COMMIT_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** The first letter of which a record failed by its own fault. */
    private static Map<Integer, String> refused(List<List<Future<RecordMetadata>>> sent) {
        for (int i = 0; i < sent.size(); i++) {
            for (Future<RecordMetadata> future : sent.get(i)) {
                Optional<Throwable> refusal = failure(future).filter(RedriveTransactions::isTheRecords);
                if (refusal.isPresent()) {
                    return Map.of(
                            i, "the brokers refuse its record: " + refusal.get().getMessage());
                }
            }
        }
        return Map.of();
    }

    private static boolean isTheRecords(Throwable failure) {
        return failure instanceof RecordTooLargeException
                || failure instanceof RecordBatchTooLargeException
                || failure instanceof InvalidRecordException;
    }

    private static void rethrow(Throwable failure) {
        throw failure instanceof KafkaException kafka ? kafka : new KafkaException(failure);
    }

    private static Optional<Throwable> failure(Future<RecordMetadata> future) {
        if (!future.isDone()) {
            return Optional.empty();
        }
        try {
            var unused = future.get();
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}

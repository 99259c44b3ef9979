package io.stepvault.producer;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Hears what becomes of the records of one capture that one producer of Kafka's was given, and settles the capture once:
 * acknowledged when all records are, failed when the first one is.
 *
 * <p>Safe for any thread.
 */
final class Delivery implements Callback {
    private static final int UNKNOWN = -1;

    private final int records;
    private final Settling settling;
    private int acknowledged;
    private int partition = UNKNOWN;
    private boolean isTorn;
    private boolean over;

    /**
     * A delivery of so many records.
     *
     * @param settling is told once, on the thread that heard the last that was missing
     */
    Delivery(int records, Settling settling) {
        this.records = records;
        this.settling = settling;
    }

    /** What is done once it is known what became of a capture. */
    interface Settling {
        /** The broker has it all; this is where its last record lies. */
        void acknowledged(Acknowledgement last);

        /** A part of it at least is not with the broker, for good. */
        void failed(Exception cause);
    }

    /** Whether nothing is heard any more, so that what is left need not be sent. */
    synchronized boolean isOver() {
        return over;
    }

    /** From now on nothing is heard: the records are sent again as another delivery. */
    synchronized void supersede() {
        over = true;
    }

    @Override
    public void onCompletion(RecordMetadata metadata, @Nullable Exception exception) {
        if (exception != null) {
            if (end()) {
                settling.failed(exception);
            }
        } else if (isLastAcknowledged(metadata.partition()) && end()) {
            if (isTorn()) {
                settling.failed(
                        new KafkaException("The chunks of the capture lie on several partitions: the topic got more"
                                + " of them in between. Publish it again"));
            } else {
                settling.acknowledged(new Acknowledgement(metadata.topic(), metadata.partition(), metadata.offset()));
            }
        }
    }

    private synchronized boolean isLastAcknowledged(int itsPartition) {
        isTorn |= partition != UNKNOWN && partition != itsPartition;
        partition = itsPartition;
        acknowledged++;
        return acknowledged == records;
    }

    private synchronized boolean isTorn() {
        return isTorn;
    }

    /** Returns false if it was over before. */
    private synchronized boolean end() {
        boolean ended = !over;
        over = true;
        return ended;
    }
}

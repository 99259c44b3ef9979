package io.stepvault.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class DeliveryTest {
    private final List<Object> settled = new ArrayList<>();
    private final Delivery delivery = new Delivery(2, new Delivery.Settling() {
        @Override
        public void acknowledged(Acknowledgement last) {
            settled.add(last);
        }

        @Override
        public void failed(Exception cause) {
            settled.add(cause);
        }
    });

    @Test
    void isAcknowledgedWithTheLastRecord() {
        delivery.onCompletion(at(1, 10), null);
        assertThat(settled).isEmpty();
        assertThat(delivery.isOver()).isFalse();

        delivery.onCompletion(at(1, 12), null);

        assertThat(settled).containsExactly(new Acknowledgement("t", 1, 12));
        assertThat(delivery.isOver()).isTrue();
    }

    @Test
    void failsWithTheFirstRecordThatDoes() {
        KafkaException first = new KafkaException("first");
        delivery.onCompletion(at(1, -1), first);
        delivery.onCompletion(at(1, -1), new KafkaException("second"));
        delivery.onCompletion(at(1, 10), null);
        delivery.onCompletion(at(1, 11), null);

        assertThat(settled).containsExactly(first);
    }

    @Test
    void hearsNothingOnceItIsSuperseded() {
        delivery.onCompletion(at(1, 10), null);
        delivery.supersede();
        delivery.onCompletion(at(1, -1), new KafkaException("closed"));
        delivery.onCompletion(at(1, 11), null);

        assertThat(settled).isEmpty();
        assertThat(delivery.isOver()).isTrue();
    }

    /** No worker can put such a set together. */
    @Test
    void failsIfItsRecordsLieOnSeveralPartitions() {
        delivery.onCompletion(at(1, 10), null);
        delivery.onCompletion(at(2, 11), null);

        assertThat(settled).singleElement().isInstanceOf(KafkaException.class);
    }

    private static RecordMetadata at(int partition, long offset) {
        return new RecordMetadata(new TopicPartition("t", partition), offset, 0, -1, 0, 0);
    }
}

package io.stepvault.worker.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.worker.ManualThread;
import java.time.Duration;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.junit.jupiter.api.Test;

class BrokerContactTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ManualThread thread = new ManualThread();
    private final AnsweredConsumer consumer = new AnsweredConsumer();
    private final BrokerContact brokers = new BrokerContact(consumer, thread.clock());

    @Test
    void timeCountsOnceAFetchHasCoveredIt() {
        thread.pass(SECOND);
        assertThat(brokers.newlyFetched()).isZero();
        thread.pass(SECOND);

        consumer.answered();

        assertThat(brokers.newlyFetched()).isEqualTo(SECOND.multipliedBy(2));
        thread.pass(SECOND);
        assertThat(brokers.newlyFetched()).as("no other fetch since").isZero();
    }

    @Test
    void severalFetchesBetweenTwoLooksCoverTheTimeOnce() {
        thread.pass(SECOND);
        consumer.answered();
        consumer.answered();

        assertThat(brokers.newlyFetched()).isEqualTo(SECOND);
    }

    @Test
    void allTimeCountsForAConsumerThatDoesNotCountItsFetches() {
        BrokerContact unknown = new BrokerContact(new MockConsumer<>("none"), thread.clock());
        thread.pass(SECOND);
        assertThat(unknown.newlyFetched()).isEqualTo(SECOND);

        thread.pass(SECOND);

        assertThat(unknown.newlyFetched()).isEqualTo(SECOND);
    }
}

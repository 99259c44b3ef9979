package io.stepvault.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.producer.Acknowledgement;
import io.stepvault.producer.DropReason;
import io.stepvault.producer.NotPublishedException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DeliveriesTest {
    private final Deliveries deliveries = new Deliveries(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

    @Test
    void countsWhatIsOnItsWayUntilItIsSettled() {
        CompletableFuture<Acknowledgement> first = new CompletableFuture<>();
        CompletableFuture<Acknowledgement> second = new CompletableFuture<>();
        deliveries.add("s/1", 10, first);
        deliveries.add("s/2", 20, second);

        first.complete(new Acknowledgement("t", 0, 0));
        assertThat(deliveries.count()).isEqualTo(new Deliveries.Count(1, 10, 0, 0, 1, 20));

        second.completeExceptionally(new NotPublishedException(DropReason.TOO_LARGE, "it is too large"));
        assertThat(deliveries.count()).isEqualTo(new Deliveries.Count(1, 10, 1, 20, 0, 0));
        assertThat(deliveries.nextFailure()).contains("s/2: it is too large");
        assertThat(deliveries.nextFailure()).isEmpty();
    }

    @Test
    void countsWhatWasNeverHandedOver() {
        deliveries.addFailure("cannot read s/1", 5);

        assertThat(deliveries.count()).isEqualTo(new Deliveries.Count(0, 0, 1, 5, 0, 0));
        assertThat(deliveries.silence()).isZero();
        assertThat(deliveries.nextFailure()).contains("cannot read s/1");
    }
}

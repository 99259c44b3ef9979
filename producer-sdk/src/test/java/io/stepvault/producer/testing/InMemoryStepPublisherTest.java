package io.stepvault.producer.testing;

import static io.stepvault.producer.CaptureBuilder.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.event.StepCapture;
import io.stepvault.producer.Acknowledgement;
import io.stepvault.producer.CloseReport;
import io.stepvault.producer.DropReason;
import io.stepvault.producer.DroppedCapture;
import io.stepvault.producer.FailedCapture;
import io.stepvault.producer.NotPublishedException;
import io.stepvault.producer.PublishResult;
import io.stepvault.producer.PublisherStats;
import io.stepvault.producer.Redactor;
import io.stepvault.producer.StepPublisher;
import io.stepvault.producer.StepPublisherContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class InMemoryStepPublisherTest {
    private final InMemoryStepPublisher publisher = new InMemoryStepPublisher();

    @Nested
    class Contract extends StepPublisherContract {
        private InMemoryStepPublisher opened = publisher;

        @Override
        protected StepPublisher open(Optional<Redactor> redactor) {
            InMemoryBuilder builder = InMemoryStepPublisher.builder();
            redactor.ifPresent(builder::redact);
            opened = builder.open();
            return opened;
        }

        @Override
        protected List<StepCapture> arrived() {
            return opened.captures();
        }
    }

    @Test
    void whatIsPublishedHasArrivedWhenPublishReturns() {
        publisher.publish(aStep().inSession("a").build());
        publisher.publish(aStep().inSession("b").build());

        assertThat(publisher.captures("b"))
                .containsExactly(aStep().inSession("b").numbered(0).build());
        assertThat(publisher.captures()).hasSize(2);
    }

    @Test
    void heldCapturesAreAcceptedAndArriveLater() {
        publisher.hold();
        CompletableFuture<Acknowledgement> future = publisher.publishAsync(aStep().build());

        assertThat(publisher.captures()).isEmpty();
        assertThat(publisher.flush(Duration.ofMillis(1))).isFalse();
        assertThat(publisher.stats().backlog().queued()).isEqualTo(1);
        assertThat(publisher.stats().backlog().queuedBytes()).isPositive();
        publisher.deliver();

        assertThat(future).isCompletedWithValue(new Acknowledgement("in-memory", 0, 0));
        assertThat(publisher.flush(Duration.ZERO)).isTrue();
        assertThat(publisher.captures()).hasSize(1);
    }

    @Test
    void aFullQueueRefusesAndLeavesAGap() {
        publisher.refuse();
        assertThat(publisher.publish(aStep().build())).isEqualTo(PublishResult.QUEUE_FULL);
        assertThat(publisher.publish(aStep().inSession("").build())).isEqualTo(PublishResult.INVALID);
        publisher.deliver();
        publisher.publish(aStep().build());

        assertThat(publisher.captures()).extracting(StepCapture::getSequence).containsExactly(Optional.of(1L));
        assertThat(publisher.dropped())
                .extracting(DroppedCapture::reason)
                .containsExactly(DropReason.QUEUE_FULL, DropReason.INVALID);
        assertThat(publisher.stats().dropped(DropReason.QUEUE_FULL)).isEqualTo(1);
    }

    @Test
    void theOldestThatWaitAreEvicted() {
        publisher.hold();
        CompletableFuture<Acknowledgement> oldest =
                publisher.publishAsync(aStep().step("oldest").build());
        publisher.publish(aStep().step("newer").build());
        publisher.evict(1);
        publisher.deliver();

        assertThatThrownBy(oldest::get)
                .cause()
                .isInstanceOfSatisfying(
                        NotPublishedException.class, e -> assertThat(e.reason()).contains(DropReason.EVICTED));
        assertThat(publisher.captures()).extracting(StepCapture::getStepId).containsExactly("newer");
    }

    @Test
    void whatFailsIsToldAndCounted() {
        List<FailedCapture> told = new ArrayList<>();
        InMemoryStepPublisher failing =
                InMemoryStepPublisher.builder().onFailed(told::add).open();
        IllegalStateException cause = new IllegalStateException("no");
        failing.hold();
        CompletableFuture<Acknowledgement> waiting = failing.publishAsync(aStep().build());

        failing.failWith(cause);
        assertThat(failing.publish(aStep().build())).isEqualTo(PublishResult.ACCEPTED);

        assertThat(waiting).isCompletedExceptionally();
        assertThat(told).hasSize(2).isEqualTo(failing.failed());
        assertThat(told.get(0).cause()).isSameAs(cause);
        assertThat(failing.stats().failed()).isEqualTo(2);
        assertThat(failing.captures()).isEmpty();
    }

    @Test
    void closingGivesUpWhatWaits() {
        publisher.hold();
        publisher.publish(aStep().build());

        assertThat(publisher.close(Duration.ofDays(1))).isEqualTo(new CloseReport(1, 0));
        assertThat(publisher.close(Duration.ofDays(1))).isEqualTo(new CloseReport(1, 0));

        assertThat(publisher.stats().dropped(DropReason.ABANDONED)).isEqualTo(1);
        assertThat(publisher.stats().backlog()).isEqualTo(new PublisherStats.Backlog(0, 0, 0));
        publisher.deliver();
        assertThat(publisher.captures()).isEmpty();
    }

    @Test
    void aCallbackMayUseThePublisherAndMayThrow() {
        List<CloseReport> reports = new ArrayList<>();
        InMemoryStepPublisher[] itself = new InMemoryStepPublisher[1];
        itself[0] = InMemoryStepPublisher.builder()
                .onDropped(drop -> {
                    reports.add(itself[0].close(Duration.ZERO));
                    throw new IllegalStateException("on purpose");
                })
                .open();

        assertThat(itself[0].publish(aStep().inSession("").build())).isEqualTo(PublishResult.INVALID);

        assertThat(reports).hasSize(1);
    }
}

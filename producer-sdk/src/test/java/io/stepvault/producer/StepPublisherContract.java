package io.stepvault.producer;

import static io.stepvault.producer.CaptureBuilder.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.event.StepCapture;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every {@link StepPublisher} does. Run by each implementation. */
@Timeout(60)
public abstract class StepPublisherContract {
    static final Duration LONG = Duration.ofSeconds(30);

    private StepPublisher publisher;

    /** A publisher with room for 4 MiB of captures, and nothing in the way of sending them. */
    protected abstract StepPublisher open(Optional<Redactor> redactor);

    /** What has arrived from the publisher opened last, in order. */
    protected abstract List<StepCapture> arrived();

    @BeforeEach
    void openPublisher() {
        publisher = open(Optional.empty());
    }

    @AfterEach
    void closePublisher() {
        publisher.close(Duration.ZERO);
    }

    @Test
    void whatIsAcceptedArrivesInOrder() {
        for (int i = 0; i < 20; i++) {
            assertThat(publisher.publish(
                            aStep().step("step-" + i).withHtml("<p>" + i).build()))
                    .isEqualTo(PublishResult.ACCEPTED);
        }

        assertThat(publisher.flush(LONG)).isTrue();

        assertThat(arrived()).hasSize(20);
        for (int i = 0; i < 20; i++) {
            assertThat(arrived().get(i))
                    .isEqualTo(aStep().step("step-" + i)
                            .withHtml("<p>" + i)
                            .numbered(i)
                            .build());
        }
    }

    @Test
    void sessionsAreNumberedApartFromEachOther() {
        publisher.publish(aStep().inSession("a").build());
        publisher.publish(aStep().inSession("b").build());
        publisher.publish(aStep().inSession("a").build());
        publisher.flush(LONG);

        assertThat(arrived())
                .extracting(StepCapture::getSequence)
                .containsExactly(Optional.of(0L), Optional.of(0L), Optional.of(1L));
    }

    @Test
    void theFutureCompletesWhenTheCaptureHasArrived() throws Exception {
        Acknowledgement acknowledgement =
                publisher.publishAsync(aStep().build()).get();

        assertThat(acknowledgement.offset()).isZero();
        assertThat(arrived()).hasSize(1);
    }

    @Test
    void publishingGarbageIsRefusedAndThrowsNothing() {
        assertThat(publisher.publish(aStep().inSession("").build())).isEqualTo(PublishResult.INVALID);
        assertThat(publisher.publish(aStep().step("x".repeat(241)).build())).isEqualTo(PublishResult.INVALID);
        assertThat(publisher.publish(aStep().withAction("{").build())).isEqualTo(PublishResult.INVALID);
        assertThat(publisher.publish(aStep().inSession(null).build())).isEqualTo(PublishResult.INVALID);
        assertThat(publisher.publish(aStep().step(null).build())).isEqualTo(PublishResult.INVALID);
        assertThat(publisher.publish(aStep().withLabel("half", "\ud83d").build()))
                .isEqualTo(PublishResult.INVALID);
        assertThat(publisher.publish(new StepCapture())).isEqualTo(PublishResult.INVALID);
        assertThat(publisher.publish(nothing())).isEqualTo(PublishResult.INVALID);

        assertThat(publisher.stats().dropped(DropReason.INVALID)).isEqualTo(8);
        assertThat(publisher.stats().accepted()).isZero();
    }

    @Test
    void anInvalidCaptureLeavesAGapInItsSession() {
        publisher.publish(aStep().build());
        publisher.publish(aStep().withAction("not json").build());
        publisher.publish(aStep().build());
        publisher.flush(LONG);

        assertThat(arrived()).extracting(StepCapture::getSequence).containsExactly(Optional.of(0L), Optional.of(2L));
    }

    @Test
    void theFutureOfARefusedCaptureSaysWhy() {
        CompletableFuture<Acknowledgement> future =
                publisher.publishAsync(aStep().inSession("").build());

        assertThat(future).isCompletedExceptionally();
        assertThatThrownBy(future::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        NotPublishedException.class, e -> assertThat(e.reason()).contains(DropReason.INVALID))
                .hasMessageContaining("session id is empty");
    }

    @Test
    void aClosedPublisherRefuses() {
        publisher.close();

        assertThat(publisher.publish(aStep().build())).isEqualTo(PublishResult.CLOSED);
        assertThat(publisher.stats().dropped(DropReason.CLOSED)).isEqualTo(1);
    }

    @Test
    void closingSendsWhatIsLeftAndCanBeRepeated() {
        publisher.publish(aStep().build());

        CloseReport report = publisher.close(LONG);

        assertThat(report.nothingLeft()).isTrue();
        assertThat(arrived()).hasSize(1);
        assertThat(publisher.close(LONG)).isEqualTo(report);
        publisher.close();
    }

    @Test
    void closingMayBeGivenForever() {
        publisher.publish(aStep().build());

        assertThat(publisher.close(ChronoUnit.FOREVER.getDuration()).nothingLeft())
                .isTrue();
        assertThat(arrived()).hasSize(1);
    }

    @Test
    void theNumbersAddUp() {
        publisher.publish(aStep().build());
        publisher.publish(aStep().build());
        publisher.publish(aStep().inSession("").build());
        publisher.flush(LONG);

        PublisherStats stats = publisher.stats();
        assertThat(stats.accepted()).isEqualTo(2);
        assertThat(stats.acknowledged()).isEqualTo(2);
        assertThat(stats.droppedInAll()).isEqualTo(1);
        assertThat(stats.backlog()).isEqualTo(new PublisherStats.Backlog(0, 0, 0));
    }

    @Test
    void aLargeCaptureArrivesWholeAndCountsAsOne() {
        byte[] large = new byte[3 << 20];
        new Random(7).nextBytes(large);
        StepCapture capture = aStep().withAttachment("har", large).numbered(0).build();

        CompletableFuture<Acknowledgement> future = publisher.publishAsync(capture);
        publisher.publish(aStep().step("next").build());

        assertThat(publisher.flush(LONG)).isTrue();
        assertThat(future).succeedsWithin(LONG);
        assertThat(arrived()).first().isEqualTo(capture);
        assertThat(arrived()).extracting(StepCapture::getStepId).containsExactly("step-1", "next");
        assertThat(publisher.stats().acknowledged()).isEqualTo(2);
    }

    @Test
    void aCaptureThatIsTooLargeIsRefused() {
        assertThat(publisher.publish(aStep().withHtmlOf(65 << 20).build())).isEqualTo(PublishResult.TOO_LARGE);
        assertThat(publisher.stats().dropped(DropReason.TOO_LARGE)).isEqualTo(1);
    }

    @Test
    void whatTheRedactorMakesOfACaptureArrives() {
        redactWith(capture -> Optional.of(
                StepCapture.newBuilder(capture).setUrl("https://example.org/").build()));

        publisher.publish(aStep().withUrl("https://example.org/?password=1").build());
        publisher.publish(aStep().withUrl("https://example.org/?password=2").build());

        assertThat(publisher.flush(LONG)).isTrue();
        assertThat(arrived())
                .containsExactly(
                        aStep().withUrl("https://example.org/").numbered(0).build(),
                        aStep().withUrl("https://example.org/").numbered(1).build());
    }

    @Test
    void aCaptureThatTheRedactorDropsLeavesAGapAndIsNoLoss() {
        redactWith(capture -> capture.getStepId().equals("secret") ? Optional.empty() : Optional.of(capture));

        publisher.publish(aStep().build());
        CompletableFuture<Acknowledgement> future =
                publisher.publishAsync(aStep().step("secret").build());
        publisher.publish(aStep().build());

        assertThat(publisher.flush(LONG)).isTrue();
        assertThat(arrived()).extracting(StepCapture::getSequence).containsExactly(Optional.of(0L), Optional.of(2L));
        assertThat(publisher.stats().accepted()).isEqualTo(3);
        assertThat(publisher.stats().dropped(DropReason.REDACTED)).isEqualTo(1);
        assertThatThrownBy(future::get)
                .cause()
                .isInstanceOfSatisfying(
                        NotPublishedException.class, e -> assertThat(e.reason()).contains(DropReason.REDACTED));
    }

    @Test
    void whatCannotBeRedactedDoesNotArrive() {
        redactWith(capture -> switch (capture.getStepId()) {
            case "throwing" -> throw new IllegalStateException("on purpose");
            case "overflowing" -> throw new StackOverflowError();
            case "null" -> nothing();
            case "other session" ->
                Optional.of(aStep().inSession("other").numbered(0).build());
            case "other number" -> Optional.of(aStep().numbered(99).build());
            case "invalid" ->
                Optional.of(StepCapture.newBuilder(capture).setAction("{").build());
            case "too large" ->
                Optional.of(aStep().numbered(6).withHtmlOf(65 << 20).build());
            default -> Optional.of(capture);
        });

        for (String step : List.of(
                "throwing", "overflowing", "null", "other session", "other number", "invalid", "too large", "good")) {
            assertThat(publisher.publish(aStep().step(step).build())).isEqualTo(PublishResult.ACCEPTED);
        }

        publisher.flush(LONG);
        assertThat(arrived()).extracting(StepCapture::getStepId).containsExactly("good");
        assertThat(publisher.stats().dropped(DropReason.REDACTION_FAILED)).isEqualTo(7);
        assertThat(publisher.stats().acknowledged()).isEqualTo(1);
    }

    private void redactWith(Redactor redactor) {
        publisher.close(Duration.ZERO);
        publisher = open(Optional.of(redactor));
    }

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // callers without a null checker will do this
    private static <T> T nothing() {
        return null;
    }
}

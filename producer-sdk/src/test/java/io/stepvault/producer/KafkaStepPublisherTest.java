package io.stepvault.producer;

import static io.stepvault.producer.CaptureBuilder.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepvault.event.StepCapture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class KafkaStepPublisherTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<DroppedCapture> dropped = new CopyOnWriteArrayList<>();
    private final List<FailedCapture> failed = new CopyOnWriteArrayList<>();
    private final List<StepPublisher> opened = new ArrayList<>();

    @AfterEach
    void closeAll() {
        opened.forEach(publisher -> publisher.close(Duration.ZERO));
    }

    @Nested
    class Contract extends StepPublisherContract {
        private final FakeKafka kafka = new FakeKafka(true);

        @Override
        protected StepPublisher open(Optional<Redactor> redactor) {
            return PublisherOnFakeKafka.on(kafka).with(redactor).open();
        }

        @Override
        protected List<StepCapture> arrived() {
            return kafka.captures();
        }
    }

    @Test
    void theRecordKeyIsTheSessionId() {
        FakeKafka kafka = new FakeKafka(true);
        StepPublisher publisher = publisher(kafka, OverflowPolicy.dropNewest());

        publisher.publish(aStep().inSession("sé/1").build());
        publisher.flush(LONG);

        ProducerRecord<byte[], byte[]> record = kafka.records().get(0);
        assertThat(record.topic()).isEqualTo(PublisherOnFakeKafka.TOPIC);
        assertThat(record.key()).isEqualTo("sé/1".getBytes(StandardCharsets.UTF_8));
        assertThat(record.partition()).isNull();
    }

    @Test
    void aCaptureThatIsTooLargeIsRefused() {
        FakeKafka kafka = new FakeKafka(true);
        StepPublisher publisher = publisher(kafka, OverflowPolicy.dropNewest());

        PublishResult result = publisher.publish(aStep().withHtmlOf(4 << 20).build());

        assertThat(result).isEqualTo(PublishResult.TOO_LARGE);
        await().untilAsserted(() -> assertThat(dropped).singleElement().satisfies(drop -> {
            assertThat(drop.reason()).isEqualTo(DropReason.TOO_LARGE);
            assertThat(drop.id()).isEqualTo(new CaptureId("s1", "step-1", Optional.of(0L)));
            assertThat(drop.detail()).contains("maxCaptureBytes").contains("capture.max.bytes");
        }));
    }

    @Test
    void capturesWaitUntilAProducerCanBeMade() {
        FakeKafka kafka = new FakeKafka(true).failStarts(2);
        StepPublisher publisher = publisher(kafka, OverflowPolicy.dropNewest());

        publisher.publish(aStep().build());

        assertThat(publisher.flush(LONG)).isTrue();
        assertThat(kafka.captures()).hasSize(1);
    }

    @Test
    void capturesWaitInOrderWhileKafkaTakesNone() {
        FakeKafka kafka = new FakeKafka(true);
        kafka.refuseWith(new TimeoutException("Topic captures not present in metadata after 1000 ms."));
        StepPublisher publisher = publisher(kafka, OverflowPolicy.dropNewest());

        for (int i = 0; i < 5; i++) {
            publisher.publish(aStep().step("step-" + i).build());
        }
        await().until(() -> kafka.refused() >= 2);
        assertThat(publisher.stats().backlog().queued()).isEqualTo(4);
        kafka.recover();

        assertThat(publisher.flush(LONG)).isTrue();
        assertThat(kafka.captures())
                .extracting(StepCapture::getStepId)
                .containsExactly("step-0", "step-1", "step-2", "step-3", "step-4");
        assertThat(kafka.producers()).hasSize(1);
        assertThat(publisher.stats().failed()).isZero();
    }

    @Test
    void aMissingPermissionHoldsCapturesToo() {
        FakeKafka kafka = new FakeKafka(true);
        kafka.refuseWith(new TopicAuthorizationException(PublisherOnFakeKafka.TOPIC));
        StepPublisher publisher = publisher(kafka, OverflowPolicy.dropNewest());

        publisher.publish(aStep().build());
        await().until(() -> kafka.refused() >= 2);
        kafka.recover();

        assertThat(publisher.flush(LONG)).isTrue();
    }

    @Test
    void aProducerBeyondRepairIsReplaced() {
        FakeKafka kafka = new FakeKafka(true);
        StepPublisher publisher = publisher(kafka, OverflowPolicy.dropNewest());
        publisher.publish(aStep().step("before").build());
        publisher.flush(LONG);
        kafka.producer().sendException = new KafkaException("in an error state");

        publisher.publish(aStep().step("after").build());

        assertThat(publisher.flush(LONG)).isTrue();
        assertThat(kafka.producers()).hasSize(2);
        assertThat(kafka.producers().get(0).closed()).isTrue();
        assertThat(kafka.captures()).extracting(StepCapture::getStepId).containsExactly("before", "after");
    }

    @Test
    void aRecordThatKafkaFindsTooLargeFailsAndTheNextGoesOut() {
        FakeKafka kafka = new FakeKafka(false);
        StepPublisher publisher = publisher(kafka, OverflowPolicy.dropNewest());
        kafka.refuseWith(new RecordTooLargeException("too large"));
        publisher.publish(aStep().step("large").build());
        await().until(() -> publisher.stats().failed() == 1);
        kafka.recover();

        CompletableFuture<Acknowledgement> next = publisher.publishAsync(aStep().build());
        await().until(() -> kafka.producer().completeNext());

        assertThat(next).succeedsWithin(LONG);
        await().untilAsserted(() -> assertThat(failed)
                .singleElement()
                .satisfies(failure -> assertThat(failure.id().stepId()).isEqualTo("large")));
    }

    @Test
    void whatKafkaRefusesForGoodIsToldAndCounted() {
        FakeKafka kafka = new FakeKafka(false);
        StepPublisher publisher = publisher(kafka, OverflowPolicy.dropNewest());
        KafkaException refusal = new KafkaException("no");

        CompletableFuture<Acknowledgement> future = publisher.publishAsync(aStep().build());
        await().until(() -> kafka.producer().errorNext(refusal));

        assertThat(future).failsWithin(LONG);
        assertThat(publisher.stats().failed()).isEqualTo(1);
        await().untilAsserted(() -> assertThat(failed)
                .containsExactly(new FailedCapture(new CaptureId("s1", "step-1", Optional.of(0L)), refusal)));
    }

    @Test
    void aCaptureThatIsChangedAfterwardsSpoilsOnlyItself() {
        FakeKafka kafka = new FakeKafka(true);
        kafka.refuseWith(new TimeoutException("away"));
        StepPublisher publisher = publisher(kafka, OverflowPolicy.dropNewest());
        publisher.publish(aStep().step("first").build());
        StepCapture changed = aStep().withLabel("a", "b").build();
        publisher.publish(changed);
        publisher.publish(aStep().step("last").build());

        putNull(changed);
        kafka.recover();

        assertThat(publisher.flush(LONG)).isFalse();
        assertThat(kafka.captures()).extracting(StepCapture::getStepId).containsExactly("first", "last");
        assertThat(publisher.stats().failed()).isEqualTo(1);
    }

    @Test
    void aFullQueueRefusesAndSaysSo() {
        FakeKafka kafka = new FakeKafka(true);
        kafka.refuseWith(new TimeoutException("away"));
        StepPublisher publisher = publisher(kafka, OverflowPolicy.dropNewest());

        List<PublishResult> results = fill(publisher);

        assertThat(results).contains(PublishResult.ACCEPTED).endsWith(PublishResult.QUEUE_FULL);
        PublisherStats stats = publisher.stats();
        assertThat(stats.accepted() + stats.dropped(DropReason.QUEUE_FULL)).isEqualTo(results.size());
        await().untilAsserted(() -> assertThat(dropped).hasSize((int) stats.dropped(DropReason.QUEUE_FULL)));
    }

    @Test
    void evictedCapturesAreToldAndTheirFuturesFail() {
        FakeKafka kafka = new FakeKafka(true);
        kafka.refuseWith(new TimeoutException("away"));
        StepPublisher publisher = publisher(kafka, OverflowPolicy.dropOldest());
        publisher.publish(aStep().build());
        await().until(() -> kafka.refused() >= 1);
        CompletableFuture<Acknowledgement> oldest = publisher.publishAsync(
                aStep().step("oldest").withHtmlOf(900_000).build());

        List<PublishResult> results = fill(publisher);

        assertThat(results).containsOnly(PublishResult.ACCEPTED);
        assertThat(oldest).failsWithin(LONG);
        await().untilAsserted(() -> assertThat(dropped)
                .hasSize((int) publisher.stats().dropped(DropReason.EVICTED))
                .first()
                .satisfies(drop -> assertThat(drop.id().stepId()).isEqualTo("oldest")));
    }

    @Test
    void aThrowingCallbackStopsNothing() {
        FakeKafka kafka = new FakeKafka(true);
        StepPublisher publisher = publisher(
                kafka,
                OverflowPolicy.dropNewest(),
                new Notifier(
                        Optional.of(drop -> {
                            throw new IllegalStateException("on purpose");
                        }),
                        Optional.empty(),
                        new ManualClock()));

        publisher.publish(aStep().inSession("").build());
        CompletableFuture<Void> throwing = publisher
                .publishAsync(aStep().build())
                .thenAccept(acknowledgement -> {
                    throw new AssertionError("on purpose");
                });

        assertThat(throwing).failsWithin(LONG);
        assertThat(publisher.publishAsync(aStep().build())).succeedsWithin(LONG);
    }

    @Test
    void closingGivesUpInTimeAndReportsWhatIsLeft() {
        FakeKafka kafka = new FakeKafka(true);
        kafka.refuseWith(new TimeoutException("away"));
        StepPublisher publisher = publisher(kafka, OverflowPolicy.dropNewest());
        CompletableFuture<Acknowledgement> inHand = publisher.publishAsync(aStep().build());
        await().until(() -> kafka.refused() >= 1);
        CompletableFuture<Acknowledgement> queued = publisher.publishAsync(aStep().build());

        CloseReport report = publisher.close(Duration.ofMillis(50));

        assertThat(report).isEqualTo(new CloseReport(1, 1));
        assertThat(inHand).failsWithin(LONG);
        assertThat(queued).failsWithin(LONG);
        assertThat(publisher.stats().dropped(DropReason.ABANDONED)).isEqualTo(2);
        assertThat(publisher.stats().backlog()).isEqualTo(new PublisherStats.Backlog(0, 0, 0));
        assertThat(kafka.producer().closed()).isTrue();
    }

    @Test
    void closingReportsWhatWasSentAndNotAcknowledged() {
        FakeKafka kafka = new FakeKafka(false);
        StepPublisher publisher = publisher(kafka, OverflowPolicy.dropNewest());
        publisher.publish(aStep().build());
        publisher.publish(aStep().build());
        await().until(() -> kafka.records().size() == 2);

        CloseReport report = publisher.close(Duration.ofMillis(50));

        assertThat(report).isEqualTo(new CloseReport(0, 2));
        assertThat(publisher.stats().failed()).isZero();
    }

    @Test
    void closingWithoutAProducerEverMadeIsBoundedToo() {
        FakeKafka kafka = new FakeKafka(true).failStarts(Integer.MAX_VALUE);
        StepPublisher publisher = publisher(kafka, OverflowPolicy.dropNewest());
        publisher.publish(aStep().build());

        CloseReport report = publisher.close(Duration.ofMillis(50));

        assertThat(report.abandonedInQueue() + report.abandonedInFlight()).isEqualTo(1);
    }

    @Test
    void aCallbackMayCloseThePublisher() {
        FakeKafka kafka = new FakeKafka(true);
        StepPublisher publisher = publisher(kafka, OverflowPolicy.dropNewest());

        CompletableFuture<CloseReport> closed =
                publisher.publishAsync(aStep().build()).thenApply(acknowledgement -> publisher.close(LONG));

        assertThat(closed).succeedsWithin(LONG).isEqualTo(new CloseReport(0, 0));
    }

    @Test
    void aFlushDuringAnOutageSaysThatNotAllWentOut() {
        FakeKafka kafka = new FakeKafka(true);
        kafka.refuseWith(new TimeoutException("away"));
        StepPublisher publisher = publisher(kafka, OverflowPolicy.dropNewest());
        publisher.publish(aStep().build());

        assertThat(publisher.flush(Duration.ofMillis(20))).isFalse();
    }

    private List<PublishResult> fill(StepPublisher publisher) {
        List<PublishResult> results = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            results.add(publisher.publish(
                    aStep().step("step-" + i).withHtmlOf(900_000).build()));
        }
        return results;
    }

    @SuppressWarnings("NullAway") // what a careless crawler might do
    private static void putNull(StepCapture capture) {
        capture.getLabels().put("c", null);
    }

    private StepPublisher publisher(FakeKafka kafka, OverflowPolicy policy) {
        return publisher(
                kafka, policy, new Notifier(Optional.of(dropped::add), Optional.of(failed::add), new ManualClock()));
    }

    private StepPublisher publisher(FakeKafka kafka, OverflowPolicy policy, Notifier notifier) {
        StepPublisher publisher = PublisherOnFakeKafka.on(kafka).with(policy).open(notifier);
        opened.add(publisher);
        return publisher;
    }
}

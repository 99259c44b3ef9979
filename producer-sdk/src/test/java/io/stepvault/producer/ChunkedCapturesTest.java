package io.stepvault.producer;

import static io.stepvault.producer.CaptureBuilder.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.stepvault.event.StepCapture;
import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.ChunkFormat.Parsed;
import io.stepvault.wire.ChunkHeader;
import io.stepvault.wire.SingleObjectCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Captures that are sent as several records. */
@Timeout(60)
class ChunkedCapturesTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int CHUNK_BYTES = 10_000;
    private static final StepCapture LARGE =
            aStep().step("large").withHtmlOf(45_000).numbered(0).build();
    private static final int CHUNKS = 5;

    private Optional<StepPublisher> opened = Optional.empty();

    @AfterEach
    void closePublisher() {
        opened.ifPresent(publisher -> publisher.close(Duration.ZERO));
    }

    @Test
    void chunksHaveOneKeyOneIdAndTheirOrder() {
        FakeKafka kafka = new FakeKafka(true);
        StepPublisher publisher = open(PublisherOnFakeKafka.on(kafka));

        CompletableFuture<Acknowledgement> future = publisher.publishAsync(LARGE);

        assertThat(publisher.flush(LONG)).isTrue();
        assertThat(kafka.records()).hasSize(CHUNKS);
        assertThat(kafka.records()).extracting(ProducerRecord::key).containsOnly("s1".getBytes(StandardCharsets.UTF_8));
        List<ChunkHeader> headers = headers(kafka.records());
        assertThat(headers).extracting(ChunkHeader::index).containsExactly(0, 1, 2, 3, 4);
        assertThat(headers).allMatch(header -> header.isOfSameSet(headers.get(0)));
        assertThat(kafka.captures()).containsExactly(LARGE);
        assertThat(future)
                .succeedsWithin(LONG)
                .satisfies(ack -> assertThat(ack.offset())
                        .as("the offset of the last chunk")
                        .isEqualTo(CHUNKS - 1));
        PublisherStats stats = publisher.stats();
        assertThat(stats.accepted()).isEqualTo(1);
        assertThat(stats.acknowledged()).isEqualTo(1);
    }

    @Test
    void setsHaveIdsOfTheirOwn() {
        FakeKafka kafka = new FakeKafka(true);
        StepPublisher publisher = open(PublisherOnFakeKafka.on(kafka));

        publisher.publish(LARGE);
        publisher.publish(LARGE);

        assertThat(publisher.flush(LONG)).isTrue();
        assertThat(headers(kafka.records()).stream().map(ChunkHeader::id).distinct())
                .hasSize(2);
        assertThat(kafka.captures()).containsExactly(LARGE, LARGE);
    }

    @Test
    void aCaptureOfExactlyOneChunkIsAPlainRecord() {
        FakeKafka kafka = new FakeKafka(true);
        int bytes = SingleObjectCodec.stepCaptures().encode(LARGE).length;
        StepPublisher exact = open(PublisherOnFakeKafka.on(kafka).withChunksOf(bytes));
        exact.publish(LARGE);
        exact.close(LONG);
        StepPublisher less = open(PublisherOnFakeKafka.on(kafka).withChunksOf(bytes - 1));
        less.publish(LARGE);
        less.close(LONG);

        assertThat(kafka.records()).hasSize(3);
        assertThat(kafka.records().get(0).headers()).isEmpty();
        assertThat(kafka.records().get(1).headers()).hasSize(5);
        assertThat(kafka.records().get(2).value()).hasSize(1);
        assertThat(kafka.captures()).containsExactly(LARGE, LARGE);
    }

    @Test
    void aCaptureIsAcknowledgedWhenAllItsChunksAre() {
        FakeKafka kafka = new FakeKafka(false);
        StepPublisher publisher = open(PublisherOnFakeKafka.on(kafka));
        CompletableFuture<Acknowledgement> future = publisher.publishAsync(LARGE);
        await().until(() -> kafka.records().size() == CHUNKS);

        for (int i = 0; i < CHUNKS - 1; i++) {
            kafka.producer().completeNext();
        }

        assertThat(publisher.stats().acknowledged()).isZero();
        assertThat(publisher.stats().backlog().inFlight()).isEqualTo(1);
        assertThat(future).isNotDone();
        kafka.producer().completeNext();
        assertThat(future).succeedsWithin(LONG);
        assertThat(publisher.stats().acknowledged()).isEqualTo(1);
    }

    @Test
    void aCaptureFailsOnceHoweverManyOfItsChunksDo() {
        FakeKafka kafka = new FakeKafka(false);
        PublisherOnFakeKafka parts = PublisherOnFakeKafka.on(kafka);
        StepPublisher publisher = open(parts);
        CompletableFuture<Acknowledgement> future = publisher.publishAsync(LARGE);
        await().until(() -> kafka.records().size() == CHUNKS);

        kafka.producer().completeNext();
        kafka.producer().errorNext(new KafkaException("no"));
        kafka.producer().errorNext(new KafkaException("no again"));
        kafka.producer().completeNext();
        kafka.producer().completeNext();

        assertThat(future).failsWithin(LONG);
        PublisherStats stats = publisher.stats();
        assertThat(stats.failed()).isEqualTo(1);
        assertThat(stats.acknowledged()).isZero();
        assertThat(stats.backlog()).isEqualTo(new PublisherStats.Backlog(0, 0, 0));
        await().untilAsserted(() -> assertThat(parts.failed())
                .singleElement()
                .satisfies(failure -> assertThat(failure.cause()).hasMessage("no")));
    }

    @Test
    void theRestOfAFailedSetIsNotSent() {
        FakeKafka kafka = new FakeKafka(false);
        kafka.refuseAfter(2, new TimeoutException("away"));
        StepPublisher publisher = open(PublisherOnFakeKafka.on(kafka));
        publisher.publish(LARGE);
        await().until(() -> kafka.refused() >= 1);

        kafka.producer().errorNext(new KafkaException("no"));
        kafka.recover();
        CompletableFuture<Acknowledgement> next =
                publisher.publishAsync(aStep().step("next").build());
        await().until(() -> {
            kafka.producer().completeNext();
            return next.isDone();
        });

        assertThat(next).succeedsWithin(LONG);
        assertThat(kafka.records().size()).isLessThan(CHUNKS + 1);
        assertThat(publisher.stats().failed()).isEqualTo(1);
    }

    @Test
    void anOutageInMidSetHoldsTheRest() {
        FakeKafka kafka = new FakeKafka(true);
        kafka.refuseAfter(2, new TimeoutException("away"));
        StepPublisher publisher = open(PublisherOnFakeKafka.on(kafka));
        publisher.publish(LARGE);
        publisher.publish(aStep().step("next").numbered(1).build());
        await().until(() -> kafka.refused() >= 2);
        assertThat(publisher.stats().backlog().inFlight()).isEqualTo(1);

        kafka.recover();

        assertThat(publisher.flush(LONG)).isTrue();
        assertThat(kafka.records()).hasSize(CHUNKS + 1);
        assertThat(kafka.captures()).extracting(StepCapture::getStepId).containsExactly("large", "next");
        assertThat(kafka.producers()).hasSize(1);
    }

    @Test
    void aProducerThatBreaksInMidSetIsReplacedAndTheWholeSetSentAgainUnderItsId() {
        FakeKafka kafka = new FakeKafka(false);
        kafka.breakAfter(3);
        PublisherOnFakeKafka parts = PublisherOnFakeKafka.on(kafka);
        StepPublisher publisher = open(parts);
        CompletableFuture<Acknowledgement> future = publisher.publishAsync(LARGE);
        await().until(() -> kafka.records().size() == 3 + CHUNKS);
        assertThat(future).isNotDone();

        for (int i = 0; i < CHUNKS; i++) {
            kafka.producer().completeNext();
        }

        assertThat(future).succeedsWithin(LONG);
        List<ChunkHeader> headers = headers(kafka.records());
        assertThat(headers).extracting(ChunkHeader::index).containsExactly(0, 1, 2, 0, 1, 2, 3, 4);
        assertThat(headers).allMatch(header -> header.isOfSameSet(headers.get(0)));
        assertThat(kafka.captures()).containsExactly(LARGE);
        assertThat(publisher.stats().acknowledged()).isEqualTo(1);
        assertThat(publisher.stats().failed()).isZero();
        assertThat(parts.failed()).isEmpty();
    }

    @Test
    void closingInMidSetAbandonsTheCaptureOnce() {
        FakeKafka kafka = new FakeKafka(false);
        kafka.refuseAfter(2, new TimeoutException("away"));
        PublisherOnFakeKafka parts = PublisherOnFakeKafka.on(kafka);
        StepPublisher publisher = open(parts);
        CompletableFuture<Acknowledgement> future = publisher.publishAsync(LARGE);
        await().until(() -> kafka.refused() >= 1);

        CloseReport report = publisher.close(Duration.ofMillis(50));

        assertThat(report).isEqualTo(new CloseReport(0, 1));
        assertThat(future).failsWithin(LONG);
        PublisherStats stats = publisher.stats();
        assertThat(stats.dropped(DropReason.ABANDONED)).isEqualTo(1);
        assertThat(stats.failed()).isZero();
        assertThat(stats.acknowledged()).isZero();
        assertThat(stats.backlog()).isEqualTo(new PublisherStats.Backlog(0, 0, 0));
        await().untilAsserted(() -> assertThat(parts.dropped()).hasSize(1));
    }

    @Test
    void closingWithASetInFlightAbandonsTheCaptureOnce() {
        FakeKafka kafka = new FakeKafka(false);
        StepPublisher publisher = open(PublisherOnFakeKafka.on(kafka));
        publisher.publish(LARGE);
        await().until(() -> kafka.records().size() == CHUNKS);
        kafka.producer().completeNext();

        CloseReport report = publisher.close(Duration.ofMillis(50));

        assertThat(report).isEqualTo(new CloseReport(0, 1));
        assertThat(publisher.stats().dropped(DropReason.ABANDONED)).isEqualTo(1);
        assertThat(publisher.stats().failed()).isZero();
    }

    private StepPublisher open(PublisherOnFakeKafka parts) {
        boolean asGiven = parts.limits().chunkBytes() < 900 << 10;
        StepPublisher publisher = (asGiven ? parts : parts.withChunksOf(CHUNK_BYTES)).open();
        opened = Optional.of(publisher);
        return publisher;
    }

    private static List<ChunkHeader> headers(List<ProducerRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(record -> ChunkFormat.CAPTURES.parse(name -> {
                    Header header = record.headers().lastHeader(name);
                    return header == null ? null : header.value();
                }))
                .map(parsed -> ((Parsed.Chunk) parsed).header())
                .toList();
    }
}

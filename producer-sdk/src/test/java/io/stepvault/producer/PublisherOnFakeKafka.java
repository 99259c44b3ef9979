package io.stepvault.producer;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * How a publisher on {@link FakeKafka} is put together, and what it told.
 *
 * @param redactor its hook, if any
 * @param format of its records
 * @param limits the largest capture, which the queue just holds, and the size of chunks
 */
record PublisherOnFakeKafka(
        FakeKafka kafka,
        OverflowPolicy policy,
        Optional<Redactor> redactor,
        WireFormat format,
        CaptureLimits limits,
        List<DroppedCapture> dropped,
        List<FailedCapture> failed) {
    static final String TOPIC = "captures";

    private static final CaptureLimits LIMITS = new CaptureLimits(4 << 20, 900 << 10);

    static PublisherOnFakeKafka on(FakeKafka kafka) {
        return new PublisherOnFakeKafka(
                kafka,
                OverflowPolicy.dropNewest(),
                Optional.empty(),
                WireFormat.singleObject(),
                LIMITS,
                new CopyOnWriteArrayList<>(),
                new CopyOnWriteArrayList<>());
    }

    PublisherOnFakeKafka with(OverflowPolicy other) {
        return new PublisherOnFakeKafka(kafka, other, redactor, format, limits, dropped, failed);
    }

    PublisherOnFakeKafka with(Optional<Redactor> other) {
        return new PublisherOnFakeKafka(kafka, policy, other, format, limits, dropped, failed);
    }

    PublisherOnFakeKafka with(WireFormat other) {
        return new PublisherOnFakeKafka(kafka, policy, redactor, other, limits, dropped, failed);
    }

    PublisherOnFakeKafka withChunksOf(int bytes) {
        return new PublisherOnFakeKafka(
                kafka, policy, redactor, format, new CaptureLimits(limits.maxCaptureBytes(), bytes), dropped, failed);
    }

    StepPublisher open() {
        return open(new Notifier(Optional.of(dropped::add), Optional.of(failed::add), new ManualClock()));
    }

    StepPublisher open(Notifier notifier) {
        ManualClock clock = new ManualClock();
        Outbox outbox = new Outbox(new QueueLimits(limits.maxCaptureBytes(), 1_000, policy));
        CaptureCheck check = new CaptureCheck(limits.maxCaptureBytes(), clock);
        KafkaSender sender = new KafkaSender(
                outbox,
                redactor.map(hook -> new Redaction(hook, check)),
                new CaptureRecords.Maker(
                        TOPIC, limits.chunkBytes(), new PatientEncoder(CaptureEncoder.of(format, TOPIC), clock)),
                new KafkaLink(kafka, clock),
                notifier);
        return new KafkaStepPublisher(outbox, check, sender, notifier);
    }
}

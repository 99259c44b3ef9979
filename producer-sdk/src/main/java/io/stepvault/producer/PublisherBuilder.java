package io.stepvault.producer;

import io.stepvault.registry.RegistrySetupException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;

/**
 * Configures and opens a publisher to Kafka. Every setting has a default but the bootstrap servers.
 *
 * <p>Not safe for concurrent use; can be opened more than once.
 */
public final class PublisherBuilder {
    /** The topic that workers read unless told otherwise. */
    public static final String DEFAULT_TOPIC = "step-captures";

    /** The queue's default limit in bytes: 64 MiB. */
    public static final long DEFAULT_QUEUE_BYTES = 64L << 20;

    /** The queue's default limit in captures. */
    public static final int DEFAULT_QUEUE_COUNT = 10_000;

    private final String bootstrapServers;
    private final Map<String, Object> kafkaProperties = new LinkedHashMap<>();
    private String topic = DEFAULT_TOPIC;
    private long queueBytes = DEFAULT_QUEUE_BYTES;
    private int queueCount = DEFAULT_QUEUE_COUNT;
    private OptionalInt maxCaptureBytes = OptionalInt.empty();
    private OptionalInt chunkBytes = OptionalInt.empty();
    private Optional<Redactor> redactor = Optional.empty();
    private WireFormat format = WireFormat.singleObject();
    private OverflowPolicy overflow = OverflowPolicy.dropNewest();
    private Optional<Consumer<DroppedCapture>> onDropped = Optional.empty();
    private Optional<Consumer<FailedCapture>> onFailed = Optional.empty();

    PublisherBuilder(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** The topic; {@value #DEFAULT_TOPIC} unless set. */
    public PublisherBuilder topic(String topic) {
        this.topic = topic;
        return this;
    }

    /**
     * How many bytes of captures, serialized, may wait in the queue; at least as many as the largest capture has. The
     * capture that is being sent comes on top, serialized, and Kafka's producer holds up to {@code buffer.memory} (32
     * MiB) more.
     */
    public PublisherBuilder queueBytes(long maxBytes) {
        this.queueBytes = maxBytes;
        return this;
    }

    /** How many captures may wait in the queue. */
    public PublisherBuilder queueCount(int maxCount) {
        this.queueCount = maxCount;
        return this;
    }

    /**
     * The most bytes that a capture may have, serialized; larger ones are refused. 64 MiB unless set (or what the queue
     * takes, if that is less), which is the worker's own default limit, {@code capture.max.bytes}.
     */
    public PublisherBuilder maxCaptureBytes(int maxBytes) {
        this.maxCaptureBytes = OptionalInt.of(maxBytes);
        return this;
    }

    /**
     * Captures of more bytes than this, serialized, are sent as several records. 900 KiB unless set, so that they fit an
     * untouched broker's {@code message.max.bytes}; less if {@code max.request.size} is less. At most {@code
     * max.request.size} less 1 KiB for key and headers.
     */
    public PublisherBuilder chunkBytes(int bytes) {
        this.chunkBytes = OptionalInt.of(bytes);
        return this;
    }

    /** Redacts or drops captures before they are serialized; none unless set. */
    public PublisherBuilder redact(Redactor redactor) {
        this.redactor = Optional.of(redactor);
        return this;
    }

    /**
     * How captures are written; {@link WireFormat#singleObject} unless set, which needs no schema registry.
     */
    public PublisherBuilder format(WireFormat format) {
        this.format = format;
        return this;
    }

    /** What happens when the queue is full; {@link OverflowPolicy.DropNewest} unless set. */
    public PublisherBuilder overflow(OverflowPolicy policy) {
        this.overflow = policy;
        return this;
    }

    /**
     * Is told of every dropped capture, on a thread of the publisher's own. When calls take so long that thousands wait,
     * further ones are left out and counted. What it throws is logged.
     */
    public PublisherBuilder onDropped(Consumer<DroppedCapture> callback) {
        this.onDropped = Optional.of(callback);
        return this;
    }

    /** Is told of every capture that Kafka refused for good; as {@link #onDropped}. */
    public PublisherBuilder onFailed(Consumer<FailedCapture> callback) {
        this.onFailed = Optional.of(callback);
        return this;
    }

    /**
     * Passes a property on to Kafka's producer: security, {@code max.request.size}, {@code compression.type} and the
     * like. Refused are those on which the guarantees rest: serializers, {@code acks}, {@code enable.idempotence},
     * {@code retries} and {@code transactional.id}.
     */
    public PublisherBuilder kafka(String property, Object value) {
        kafkaProperties.put(property, value);
        return this;
    }

    /** Passes several properties on, as {@link #kafka(String, Object)}. */
    public PublisherBuilder kafka(Map<String, ?> properties) {
        kafkaProperties.putAll(properties);
        return this;
    }

    /**
     * Opens the publisher. Needs no broker: Kafka is contacted on a daemon thread, again and again until it answers.
     *
     * @throws IllegalArgumentException if a setting is wrong; the message has one line for each mistake
     */
    public StepPublisher open() {
        List<String> mistakes = new ArrayList<>();
        if (queueCount < 1) {
            mistakes.add("queue count is " + queueCount + "; expected at least 1");
        }
        KafkaSettings kafka = KafkaSettings.check(bootstrapServers, topic, kafkaProperties, mistakes);
        CaptureLimits limits =
                CaptureLimits.check(maxCaptureBytes, chunkBytes, queueBytes, kafka.maxRecordBytes(), mistakes);
        Optional<CaptureEncoder> encoder = encoder(mistakes);
        if (!mistakes.isEmpty() || encoder.isEmpty()) {
            encoder.ifPresent(CaptureEncoder::close);
            throw new IllegalArgumentException("The publisher cannot be opened:\n" + String.join("\n", mistakes));
        }
        Clock clock = Clock.systemUTC();
        Outbox outbox = new Outbox(new QueueLimits(queueBytes, queueCount, overflow));
        CaptureCheck check = new CaptureCheck(limits.maxCaptureBytes(), clock);
        Notifier notifier = new Notifier(onDropped, onFailed, clock);
        KafkaSender sender = new KafkaSender(
                outbox,
                redactor.map(hook -> new Redaction(hook, check)),
                new CaptureRecords.Maker(topic, limits.chunkBytes(), new PatientEncoder(encoder.get(), clock)),
                new KafkaLink(kafka::newProducer, clock),
                notifier);
        return new KafkaStepPublisher(outbox, check, sender, notifier);
    }

    private Optional<CaptureEncoder> encoder(List<String> mistakes) {
        try {
            return Optional.of(CaptureEncoder.of(format, topic));
        } catch (IllegalArgumentException | RegistrySetupException | KafkaException e) {
            mistakes.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }
}

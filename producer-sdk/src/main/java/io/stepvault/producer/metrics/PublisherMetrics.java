package io.stepvault.producer.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.stepvault.producer.DropReason;
import io.stepvault.producer.PublisherStats;
import io.stepvault.producer.StepPublisher;
import java.util.function.ToDoubleFunction;

/**
 * Shows a publisher's {@link PublisherStats} as meters, read when the registry asks:
 *
 * <ul>
 *   <li>counters {@code stepvault.publisher.accepted}, {@code .acknowledged}, {@code .failed}, {@code .dropped} (tag
 *       {@code reason}) and {@code .callbacks.skipped};
 *   <li>gauges {@code stepvault.publisher.queued}, {@code .queued.bytes} and {@code .in.flight}.
 * </ul>
 *
 * <p>The registry refers to the publisher weakly: keep the publisher. Immutable; safe for any thread.
 */
public final class PublisherMetrics implements MeterBinder {
    private static final String PREFIX = "stepvault.publisher.";

    private final StepPublisher publisher;
    private final Tags tags;

    /**
     * Meters of one publisher.
     *
     * @param tags added to each meter, for example to tell two publishers apart
     */
    public PublisherMetrics(StepPublisher publisher, Iterable<Tag> tags) {
        this.publisher = publisher;
        this.tags = Tags.of(tags);
    }

    /** Meters of one publisher, without further tags. */
    public PublisherMetrics(StepPublisher publisher) {
        this(publisher, Tags.empty());
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        counter("accepted", tags, PublisherStats::accepted, "Captures taken into the queue", registry);
        counter("acknowledged", tags, PublisherStats::acknowledged, "Captures that the broker has", registry);
        counter("failed", tags, PublisherStats::failed, "Captures that Kafka refused for good", registry);
        for (DropReason reason : DropReason.values()) {
            Tags ofReason = tags.and("reason", reason.code());
            counter("dropped", ofReason, stats -> stats.dropped(reason), "Captures dropped", registry);
        }
        counter("callbacks.skipped", tags, PublisherStats::skippedCallbacks, "Callbacks left out", registry);
        gauge("queued", stats -> stats.backlog().queued(), "Captures waiting in the queue", registry);
        gauge("queued.bytes", stats -> stats.backlog().queuedBytes(), "Their size, serialized", registry);
        gauge("in.flight", stats -> stats.backlog().inFlight(), "Captures sent and not acknowledged", registry);
    }

    private void counter(
            String name,
            Tags with,
            ToDoubleFunction<PublisherStats> value,
            String description,
            MeterRegistry registry) {
        FunctionCounter.builder(PREFIX + name, publisher, source -> value.applyAsDouble(source.stats()))
                .tags(with)
                .description(description)
                .register(registry);
    }

    private void gauge(
            String name, ToDoubleFunction<PublisherStats> value, String description, MeterRegistry registry) {
        Gauge.builder(PREFIX + name, publisher, source -> value.applyAsDouble(source.stats()))
                .tags(tags)
                .description(description)
                .baseUnit(name.endsWith("bytes") ? "bytes" : null)
                .register(registry);
    }
}

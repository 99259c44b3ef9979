package io.stepvault.producer.metrics;

import static io.stepvault.producer.CaptureBuilder.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.stepvault.producer.StepPublisher;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PublisherMetricsTest {
    @Test
    void showsThePublishersNumbers() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        StepPublisher publisher = StepPublisher.to("127.0.0.1:1").open();
        new PublisherMetrics(publisher, Tags.of("crawler", "a")).bindTo(registry);

        publisher.publish(aStep().build());
        publisher.publish(aStep().inSession("").build());
        publisher.close(Duration.ZERO);

        assertThat(registry.get("stepvault.publisher.accepted")
                        .tag("crawler", "a")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("stepvault.publisher.dropped")
                        .tag("reason", "invalid")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("stepvault.publisher.dropped")
                        .tag("reason", "abandoned")
                        .functionCounter()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("stepvault.publisher.queued").gauge().value()).isZero();
        assertThat(registry.get("stepvault.publisher.queued.bytes").gauge().value())
                .isZero();
        assertThat(registry.get("stepvault.publisher.in.flight").gauge().value())
                .isZero();
    }
}

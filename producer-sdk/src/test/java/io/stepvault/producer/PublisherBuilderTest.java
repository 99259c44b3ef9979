package io.stepvault.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.Test;

class PublisherBuilderTest {
    @Test
    void opensWithoutABrokerAndWithoutAnAddress() {
        try (StepPublisher publisher =
                StepPublisher.to("no-such-host.invalid:9092").open()) {
            assertThat(publisher.stats().accepted()).isZero();
        }
    }

    @Test
    void reportsAllMistakesAtOnce() {
        assertThatThrownBy(() -> StepPublisher.to("no port")
                        .topic("a b")
                        .queueCount(0)
                        .queueBytes(0)
                        .kafka("acks", "1")
                        .kafka("transactional.id", "mine")
                        .open())
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains("bootstrap servers")
                .contains("topic is not")
                .contains("queue count is 0")
                .contains("the largest capture has 0 bytes")
                .contains("acks is set by the publisher")
                .contains("transactional.id is set by the publisher");
    }

    @Test
    void reportsKafkasOwnMistakesAtOnce() {
        assertThatThrownBy(() -> StepPublisher.to("localhost:9092")
                        .kafka("linger.ms", "soon")
                        .kafka("compression.type", "rar")
                        .open())
                .hasMessageContaining("linger.ms")
                .hasMessageContaining("compression.type");
    }

    @Test
    void reportsPropertiesThatDoNotGoTogether() {
        assertThatThrownBy(() -> StepPublisher.to("localhost:9092")
                        .kafka("max.in.flight.requests.per.connection", 6)
                        .kafka("delivery.timeout.ms", 10)
                        .open())
                .hasMessageContaining("max.in.flight.requests.per.connection")
                .hasMessageContaining("delivery.timeout.ms");
    }

    @Test
    void theQueueMustHoldTheLargestCapture() {
        assertThatThrownBy(() -> StepPublisher.to("localhost:9092")
                        .maxCaptureBytes(20 << 20)
                        .queueBytes(10 << 20)
                        .open())
                .hasMessageContaining("queue bytes are 10485760")
                .hasMessageContaining("maxCaptureBytes");
    }

    @Test
    void chunksMustFitIntoARequest() {
        assertThatThrownBy(() ->
                        StepPublisher.to("localhost:9092").chunkBytes(1 << 20).open())
                .hasMessageContaining("chunk bytes are 1048576")
                .hasMessageContaining("max.request.size");
        assertThatThrownBy(
                        () -> StepPublisher.to("localhost:9092").chunkBytes(1).open())
                .hasMessageContaining("chunk bytes are 1;");
    }

    @Test
    void defaultsGiveWayToSmallerQueuesAndRequests() {
        List<String> mistakes = new ArrayList<>();

        CaptureLimits limits = CaptureLimits.check(OptionalInt.empty(), OptionalInt.empty(), 10_000, 5_000, mistakes);

        assertThat(mistakes).isEmpty();
        assertThat(limits).isEqualTo(new CaptureLimits(10_000, 5_000));
        assertThat(CaptureLimits.check(OptionalInt.empty(), OptionalInt.empty(), 1L << 40, 1 << 20, mistakes))
                .isEqualTo(new CaptureLimits(64 << 20, 900 << 10));
    }

    @Test
    void aBlockingPolicyNeedsTime() {
        assertThatThrownBy(() -> OverflowPolicy.block(Duration.ZERO)).hasMessageContaining("dropNewest");
    }

    @Test
    void kafkasProducerAcceptsWhatWasChecked() {
        List<String> mistakes = new ArrayList<>();
        KafkaSettings settings = KafkaSettings.check(
                "localhost:9092 , 127.0.0.1:9093",
                "step-captures",
                Map.of("linger.ms", "20", "compression.type", "zstd", "max.request.size", 2_000_000),
                mistakes);

        assertThat(mistakes).isEmpty();
        assertThat(settings.maxRecordBytes()).isEqualTo(2_000_000 - 1_024);
        try (Producer<byte[], byte[]> producer = settings.newProducer()) {
            assertThat(producer).isNotNull();
        }
    }

    @Test
    void settingsShowNoSecrets() {
        KafkaSettings settings = KafkaSettings.check(
                "localhost:9092", "t", Map.of("sasl.jaas.config", "password=hidden"), new ArrayList<>());

        assertThat(settings.toString()).doesNotContain("hidden");
    }
}

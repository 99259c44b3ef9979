package io.stepvault.producer;

import static io.stepvault.producer.CaptureBuilder.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.stepvault.event.StepCapture;
import io.stepvault.registry.CachedSchemas;
import io.stepvault.registry.RegistryClient;
import io.stepvault.registry.RegistrySettings;
import io.stepvault.registry.testing.FakeRegistry;
import io.stepvault.wire.CaptureDecoder;
import io.stepvault.wire.ContractSchemas;
import io.stepvault.wire.SingleObjectCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Captures in other formats than Avro's single-object encoding. */
@Timeout(60)
class WireFormatTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String SUBJECT = PublisherOnFakeKafka.TOPIC + "-value";

    private final FakeRegistry registry = FakeRegistry.started();
    private final RegistrySettings settings =
            RegistrySettings.of(registry.url()).withRetry(new RegistrySettings.Retry(1, Duration.ofMillis(1)));
    private final FakeKafka kafka = new FakeKafka(true);
    private final StepCapture capture = aStep().step("a").numbered(0).build();

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void schemaIsRegisteredOnceAndCapturesNameIt() {
        try (StepPublisher publisher = open(WireFormat.confluent(settings))) {
            publisher.publish(capture);
            publisher.publish(aStep().step("b").build());
            assertThat(publisher.flush(LONG)).isTrue();
        }

        assertThat(registry.requests()).containsExactly("POST /subjects/" + SUBJECT + "/versions");
        assertThat(registry.schemasOf(SUBJECT))
                .containsExactly(ContractSchemas.stepCapture().toString());
        assertThat(kafka.records()).hasSize(2).allMatch(record -> record.value()[0] == 0);
        assertThat(captures()).first().isEqualTo(capture);
    }

    @Test
    void schemaThatSomebodyElseRegistersIsWaitedFor() {
        try (StepPublisher publisher = open(WireFormat.confluentWithoutRegistering(settings))) {
            publisher.publish(capture);
            await().until(() -> registry.requests().size() > 1);
            assertThat(kafka.records()).isEmpty();

            registry.register(SUBJECT, ContractSchemas.stepCapture().toString());
            assertThat(publisher.flush(LONG)).isTrue();
        }

        assertThat(captures()).containsExactly(capture);
    }

    @Test
    void capturesWaitWhileTheRegistryIsAway() {
        registry.stop();
        try (StepPublisher publisher = open(WireFormat.confluent(settings))) {
            assertThat(publisher.publish(capture)).isEqualTo(PublishResult.ACCEPTED);
            assertThat(publisher.flush(Duration.ofMillis(200))).isFalse();
            assertThat(publisher.stats().failed()).isZero();

            registry.start();
            assertThat(publisher.flush(LONG)).isTrue();
        }

        assertThat(captures()).containsExactly(capture);
    }

    @Test
    void closingWhileTheRegistryIsAwayIsBoundedAndReported() {
        registry.stop();
        StepPublisher publisher = open(WireFormat.confluent(settings));
        publisher.publish(capture);

        CloseReport report = publisher.close(Duration.ofMillis(100));

        assertThat(report.nothingLeft()).isFalse();
        assertThat(publisher.stats().dropped(DropReason.ABANDONED)).isEqualTo(1);
    }

    @Test
    void largeCaptureIsChunkedInThisFormatToo() {
        StepCapture large = aStep().step("large").withHtmlOf(45_000).numbered(0).build();
        try (StepPublisher publisher = PublisherOnFakeKafka.on(kafka)
                .withChunksOf(10_000)
                .with(WireFormat.confluent(settings))
                .open()) {
            publisher.publish(large);
            assertThat(publisher.flush(LONG)).isTrue();
        }

        assertThat(kafka.records()).hasSize(5);
        assertThat(captures()).containsExactly(large);
    }

    @Test
    void serializerIsMadeByItsClassNameAndConfigured() {
        registry.register(SUBJECT, ContractSchemas.stepCapture().toString());
        WireFormat format =
                WireFormat.serializer(StandInSerializer.class.getName(), Map.of("schema.registry.url", registry.url()));
        try (StepPublisher publisher = open(format)) {
            publisher.publish(capture);
            assertThat(publisher.flush(LONG)).isTrue();
        }

        assertThat(captures()).containsExactly(capture);
        ProducerRecord<byte[], byte[]> record = kafka.records().get(0);
        assertThat(new String(record.headers().lastHeader("configured").value(), StandardCharsets.UTF_8))
                .isEqualTo("value, avro.remove.java.properties=true, topic=captures");
    }

    @Test
    void serializerThatIsNotThereIsAMistakeOfTheConfiguration() {
        assertThatThrownBy(() -> StepPublisher.to("localhost:9092")
                        .format(WireFormat.serializer("io.confluent.NoSuchSerializer", Map.of()))
                        .open())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("io.confluent.NoSuchSerializer is not on the class path");
        assertThatThrownBy(() -> StepPublisher.to("localhost:9092")
                        .format(WireFormat.serializer("java.lang.Object", Map.of()))
                        .open())
                .hasMessageContaining("java.lang.Object is no org.apache.kafka.common.serialization.Serializer");
    }

    @Test
    void serializerWhoseRegistryIsAwayIsTriedAgain() {
        AtomicInteger calls = new AtomicInteger();
        Serializer<StepCapture> moody = (topic, data) -> {
            if (calls.getAndIncrement() < 3) {
                throw new SerializationException("Error serializing Avro message", new IOException("refused"));
            }
            return SingleObjectCodec.stepCaptures().encode(data);
        };
        try (StepPublisher publisher = open(WireFormat.serializer(moody))) {
            publisher.publish(capture);
            assertThat(publisher.flush(LONG)).isTrue();
        }

        assertThat(kafka.captures()).containsExactly(capture);
    }

    @Test
    void whatWorkersCouldNotReadFailsAndTheNextGoesOn() {
        AtomicInteger calls = new AtomicInteger();
        Serializer<StepCapture> odd = new Serializer<>() {
            @Override
            public byte[] serialize(String topic, StepCapture data) {
                throw new AssertionError("the one with headers is called");
            }

            @Override
            public byte[] serialize(String topic, Headers headers, StepCapture data) {
                return switch (calls.getAndIncrement()) {
                    case 0 -> "{}".getBytes(StandardCharsets.UTF_8);
                    case 1 -> {
                        headers.add("__value_schema_id", new byte[17]);
                        yield new byte[] {2};
                    }
                    case 2 -> throw new SerializationException("never");
                    default -> SingleObjectCodec.stepCaptures().encode(data);
                };
            }
        };
        PublisherOnFakeKafka setUp = PublisherOnFakeKafka.on(kafka).with(WireFormat.serializer(odd));
        try (StepPublisher publisher = setUp.open()) {
            for (int i = 0; i < 4; i++) {
                publisher.publish(capture);
            }
            assertThat(publisher.flush(LONG)).as("three are lost").isFalse();
            await().until(() -> setUp.failed().size() == 3);
        }

        assertThat(setUp.failed().stream()
                        .map(failed -> String.valueOf(failed.cause().getMessage())))
                .anyMatch(message -> message.contains("neither the Confluent wire format"))
                .anyMatch(message -> message.contains("__value_schema_id"))
                .anyMatch(message -> message.equals("never"));
        assertThat(kafka.captures()).containsExactly(capture);
    }

    private StepPublisher open(WireFormat format) {
        return PublisherOnFakeKafka.on(kafka).with(format).open();
    }

    private List<StepCapture> captures() {
        try (CachedSchemas schemas = new CachedSchemas(
                new RegistryClient(settings)::schema, CachedSchemas.Limits.DEFAULT, Clock.systemUTC())) {
            RecordReader reader = new RecordReader(new CaptureDecoder(schemas.waiting()));
            return kafka.records().stream()
                    .flatMap(record -> reader.read(record.headers(), record.value()).stream())
                    .toList();
        }
    }
}

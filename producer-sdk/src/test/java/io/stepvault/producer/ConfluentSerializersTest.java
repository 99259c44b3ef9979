package io.stepvault.producer;

import static io.stepvault.producer.CaptureBuilder.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.event.StepCapture;
import io.stepvault.registry.CachedSchemas;
import io.stepvault.registry.RegistrySettings;
import io.stepvault.registry.testing.FakeRegistry;
import io.stepvault.wire.CaptureDecoder;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Confluent's own serializer and deserializer, by their class names. They are on the class path only with the Maven profile
 * {@code confluent}, which needs Confluent's repository.
 */
@ExtendWith(ConfluentSerializersTest.OnClassPath.class)
class ConfluentSerializersTest {
    private static final String SERIALIZER = "io.confluent.kafka.serializers.KafkaAvroSerializer";
    private static final String DESERIALIZER = "io.confluent.kafka.serializers.KafkaAvroDeserializer";
    private static final Duration LONG = Duration.ofSeconds(30);

    private final FakeRegistry registry = FakeRegistry.started();
    private final FakeKafka kafka = new FakeKafka(true);
    private final StepCapture capture =
            aStep().step("a").withHtmlOf(2_000).numbered(0).build();

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void whatTheirSerializerWritesWeRead() {
        publish(WireFormat.serializer(SERIALIZER, Map.of("schema.registry.url", registry.url())));

        ProducerRecord<byte[], byte[]> record = kafka.records().get(0);
        try (CachedSchemas schemas = CachedSchemas.of(
                RegistrySettings.of(registry.url()), CachedSchemas.Limits.DEFAULT, Clock.systemUTC())) {
            assertThat(new RecordReader(new CaptureDecoder(schemas.waiting())).read(record.headers(), record.value()))
                    .contains(capture);
        }
        assertThat(registry.schemasOf(PublisherOnFakeKafka.TOPIC + "-value"))
                .singleElement()
                .asString()
                .doesNotContain("avro.java.string");
    }

    @Test
    void whatWeWriteTheirDeserializerReads() throws ReflectiveOperationException {
        publish(WireFormat.confluent(RegistrySettings.of(registry.url())));

        try (Deserializer<?> theirs = Class.forName(DESERIALIZER)
                .asSubclass(Deserializer.class)
                .getDeclaredConstructor()
                .newInstance()) {
            theirs.configure(Map.of("schema.registry.url", registry.url(), "specific.avro.reader", true), false);
            assertThat((Object) theirs.deserialize(
                            PublisherOnFakeKafka.TOPIC, kafka.records().get(0).value()))
                    .isEqualTo(capture);
        }
    }

    private void publish(WireFormat format) {
        try (StepPublisher publisher =
                PublisherOnFakeKafka.on(kafka).with(format).open()) {
            publisher.publish(capture);
            assertThat(publisher.flush(LONG)).isTrue();
        }
    }

    /** Says loudly when they are not there. */
    static final class OnClassPath implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            try {
                Class.forName(SERIALIZER);
                return ConditionEvaluationResult.enabled("they are on the class path");
            } catch (ClassNotFoundException e) {
                String missing =
                        "CONFLUENT'S JAVA SERIALIZERS ARE NOT TESTED: io.confluent:kafka-avro-serializer is not on the"
                                + " class path. It is with -Pconfluent, if Maven's settings reach Confluent's repository.";
                System.err.println(missing);
                return ConditionEvaluationResult.disabled(missing);
            }
        }
    }
}

package io.stepvault.producer;

import static java.util.Objects.requireNonNull;

import io.stepvault.event.StepCapture;
import io.stepvault.registry.RegistryAnswer;
import io.stepvault.registry.RegistryClient;
import io.stepvault.registry.RegistrySettings;
import io.stepvault.wire.ConfluentFormat;
import io.stepvault.wire.ContractSchemas;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Stands in for {@code KafkaAvroSerializer}, which is on no class path here: made by its name, configured by properties. */
public final class StandInSerializer implements Serializer<Object> {
    private @Nullable RegistryClient registry;
    private String configured = "";

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        registry = new RegistryClient(RegistrySettings.of(String.valueOf(configs.get("schema.registry.url"))));
        configured = (isKey ? "key" : "value") + ", avro.remove.java.properties="
                + configs.get("avro.remove.java.properties");
    }

    @Override
    public byte[] serialize(String topic, Object data) {
        throw new AssertionError("the one with headers is called");
    }

    @Override
    public byte[] serialize(String topic, Headers headers, Object data) {
        headers.add("configured", (configured + ", topic=" + topic).getBytes(StandardCharsets.UTF_8));
        try {
            int id = ((RegistryAnswer.Found<Integer>)
                            requireNonNull(registry).register(topic + "-value", ContractSchemas.stepCapture()))
                    .value();
            return new ConfluentFormat.Encoder().encode(id, (StepCapture) data);
        } catch (InterruptedException e) {
            throw new SerializationException(e);
        }
    }
}

package io.stepvault.producer;

import io.stepvault.event.StepCapture;
import io.stepvault.registry.RegistrySettings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.serialization.Serializer;

/** How captures are written. Workers tell the formats apart by the first byte of a record. Immutable; safe for any thread. */
public sealed interface WireFormat {
    /** Avro's single-object encoding: needs no schema registry. The default. */
    static WireFormat singleObject() {
        return new SingleObject();
    }

    /**
     * The Confluent wire format, with the schema registered under {@code <topic>-value} when the first capture is sent. While
     * the registry does not answer, or does not take the schema, captures wait as they do while Kafka is away. The workers
     * need the same registry.
     */
    static WireFormat confluent(RegistrySettings registry) {
        return new Confluent(registry, true);
    }

    /** As {@link #confluent}, but the schema is only looked up: somebody else registers it. */
    static WireFormat confluentWithoutRegistering(RegistrySettings registry) {
        return new Confluent(registry, false);
    }

    /**
     * A serializer of Kafka's kind by its class name, such as {@code io.confluent.kafka.serializers.KafkaAvroSerializer}. It
     * must write one of the two formats, or workers cannot read it; what it writes otherwise fails. It runs on the
     * publisher's own thread. When its exception has an I/O error, one of Kafka's that can be retried, or an answer of
     * Confluent's registry client behind it, the capture waits and is tried again; with any other it fails.
     *
     * @param configuration for it, {@code schema.registry.url} for example; {@code avro.remove.java.properties=true} is added
     */
    static WireFormat serializer(String className, Map<String, ?> configuration) {
        return new Foreign(className, () -> Foreign.create(className, configuration));
    }

    /** As {@link #serializer(String, Map)}, with one that is made and configured already; the publisher closes it. */
    static WireFormat serializer(Serializer<? super StepCapture> serializer) {
        return new Foreign(serializer.getClass().getName(), () -> serializer);
    }

    /** See {@link WireFormat#singleObject}. */
    record SingleObject() implements WireFormat {}

    /**
     * See {@link WireFormat#confluent}.
     *
     * @param registers whether the schema is registered if it is not there
     */
    record Confluent(RegistrySettings registry, boolean registers) implements WireFormat {}

    /**
     * See {@link WireFormat#serializer(String, Map)}.
     *
     * @param name of its class, for messages
     * @param serializers makes it; throws {@link IllegalArgumentException} if that cannot be
     */
    record Foreign(String name, Supplier<Serializer<? super StepCapture>> serializers) implements WireFormat {
        @SuppressWarnings("unchecked") // what it does not take it refuses itself
        private static Serializer<? super StepCapture> create(String className, Map<String, ?> configuration) {
            Map<String, Object> complete = new LinkedHashMap<>();
            complete.put("avro.remove.java.properties", true);
            complete.putAll(configuration);
            try {
                ClassLoader context = Thread.currentThread().getContextClassLoader();
                ClassLoader loader = context == null ? WireFormat.class.getClassLoader() : context;
                Class<?> type = Class.forName(className, true, loader);
                if (type.getDeclaredConstructor().newInstance() instanceof Serializer<?> serializer) {
                    serializer.configure(complete, false);
                    return (Serializer<? super StepCapture>) serializer;
                }
                throw new IllegalArgumentException(
                        className + " is no org.apache.kafka.common.serialization.Serializer");
            } catch (ClassNotFoundException e) {
                throw new IllegalArgumentException(
                        "the serializer " + className + " is not on the class path; add the jar that holds it", e);
            } catch (ReflectiveOperationException | LinkageError e) {
                throw new IllegalArgumentException("the serializer " + className + " cannot be made: " + e, e);
            }
        }
    }
}

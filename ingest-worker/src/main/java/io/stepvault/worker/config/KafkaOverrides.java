package io.stepvault.worker.config;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.types.Password;

/**
 * The keys that an operator passes through to Kafka's clients: under {@code kafka.} for each client that knows the key
 * (or for all, if none does: a plug-in's), under {@code kafka.consumer.}, {@code kafka.producer.} and {@code
 * kafka.admin.} for one client, which then wins. What is secret is told by the type that Kafka gives the key, and by
 * name where Kafka does not know it. Immutable; safe for any thread.
 *
 * @param plain full key, such as {@code kafka.consumer.max.poll.records}, to value
 * @param secret full key to value, for those that must not be seen
 */
public record KafkaOverrides(Map<String, String> plain, Map<String, Secret> secret) {
    private static final Pattern SECRET_NAME =
            Pattern.compile("password|passphrase|secret|token|credential|jaas|private|api\\.?key|user\\.?info|\\.key$");
    private static final Pattern SECRET_IN_URL = Pattern.compile("//[^/@\\s]*:[^/@\\s]*@");

    public KafkaOverrides {
        plain = Map.copyOf(plain);
        secret = Map.copyOf(secret);
    }

    /** Sorts values, by full key, into those that may be seen and those that may not. */
    public static KafkaOverrides of(Map<String, String> valuesByFullKey) {
        Map<String, String> plain = new HashMap<>();
        Map<String, Secret> secret = new HashMap<>();
        valuesByFullKey.forEach((fullKey, value) -> {
            if (isSecret(fullKey) || SECRET_IN_URL.matcher(value).find()) {
                secret.put(fullKey, new Secret(value));
            } else {
                plain.put(fullKey, value);
            }
        });
        return new KafkaOverrides(plain, secret);
    }

    /** Nothing passed through. */
    public static KafkaOverrides none() {
        return new KafkaOverrides(Map.of(), Map.of());
    }

    /** Every full key with its value, secrets masked. */
    SortedMap<String, String> masked() {
        SortedMap<String, String> masked = new TreeMap<>(plain);
        secret.forEach((fullKey, value) -> masked.put(fullKey, value.toString()));
        return masked;
    }

    /** What is passed to a client under Kafka's names; secrets as {@link Password} where Kafka expects that. */
    Map<String, Object> forClient(KafkaClient client) {
        Map<String, Object> properties = new HashMap<>();
        masked().keySet().stream()
                .filter(fullKey -> client(fullKey).isEmpty() && reaches(fullKey, client))
                .forEach(fullKey -> properties.put(nameInKafka(fullKey), value(fullKey, client)));
        masked().keySet().stream()
                .filter(fullKey -> client(fullKey).isPresent() && reaches(fullKey, client))
                .forEach(fullKey -> properties.put(nameInKafka(fullKey), value(fullKey, client)));
        return properties;
    }

    private Object value(String fullKey, KafkaClient client) {
        Secret hidden = secret.get(fullKey);
        if (hidden == null) {
            return plain.getOrDefault(fullKey, "");
        }
        return client.isSecret(nameInKafka(fullKey)) ? new Password(hidden.reveal()) : hidden.reveal();
    }

    /** The client that a full key is for, or none if it is for all of them. */
    static Optional<KafkaClient> client(String fullKey) {
        return KafkaClient.ALL.stream()
                .filter(client -> fullKey.startsWith(client.prefix()))
                .findFirst();
    }

    /** Kafka's own name of a full key. */
    static String nameInKafka(String fullKey) {
        return fullKey.substring(client(fullKey)
                .map(KafkaClient::prefix)
                .orElse(KafkaClient.SHARED_PREFIX)
                .length());
    }

    /** Whether a full key's value is handed to a client. */
    static boolean reaches(String fullKey, KafkaClient client) {
        String name = nameInKafka(fullKey);
        return client(fullKey).map(client::equals).orElseGet(() -> client.knows(name) || !isKnown(name));
    }

    static boolean isKnown(String nameInKafka) {
        return KafkaClient.ALL.stream().anyMatch(client -> client.knows(nameInKafka));
    }

    private static boolean isSecret(String fullKey) {
        String name = nameInKafka(fullKey);
        return isKnown(name)
                ? KafkaClient.ALL.stream().anyMatch(client -> client.isSecret(name))
                : SECRET_NAME.matcher(name.toLowerCase(Locale.ROOT)).find();
    }
}

package io.stepvault.worker.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What may not be passed through to Kafka's clients, and why. Stateless; safe for any thread. */
final class KafkaRules {
    private static final String KAFKAS_MAX_POLL_INTERVAL_MS = "300000";

    private KafkaRules() {}

    /** Mistakes in the keys that are passed through, each on its own. */
    static List<Problem> problems(KafkaOverrides overrides) {
        List<Problem> problems = new ArrayList<>();
        boolean consumerProtocol = KafkaConfig.usesConsumerProtocol(overrides);
        overrides.masked().forEach((fullKey, value) -> {
            misplaced(fullKey)
                    .or(() -> mistyped(fullKey))
                    .or(() -> forced(fullKey, value))
                    .or(() -> transactional(fullKey))
                    .or(() -> consumerProtocol ? classicOnly(fullKey) : Optional.empty())
                    .or(() -> refused(fullKey, overrides))
                    .ifPresent(message -> problems.add(new Problem(fullKey, message)));
        });
        return problems;
    }

    /** The group has a key of its own. */
    static List<Problem> otherGroups(KafkaOverrides overrides, String groupId) {
        return others(overrides, "group.id", groupId, "the group is '" + groupId + "'; set only group.id");
    }

    /** The topics, and the transactions over them, need one cluster. */
    static List<Problem> otherClusters(KafkaOverrides overrides, String bootstrapServers) {
        return others(
                overrides,
                "bootstrap.servers",
                bootstrapServers,
                "all topics live on one cluster; set only kafka.bootstrap.servers");
    }

    private static List<Problem> others(KafkaOverrides overrides, String name, String ours, String message) {
        return overrides.masked().entrySet().stream()
                .filter(set -> KafkaOverrides.nameInKafka(set.getKey()).equals(name))
                .filter(set -> misplaced(set.getKey()).isEmpty())
                .filter(set -> !set.getValue().strip().equals(ours))
                .map(set -> new Problem(set.getKey(), message))
                .toList();
    }

    /** How long the group waits for a worker's next poll. Only to be asked when there are no {@link #problems}. */
    static Duration maxPollInterval(KafkaOverrides overrides) {
        String text = overrides
                .forClient(KafkaClient.CONSUMER)
                .getOrDefault("max.poll.interval.ms", KAFKAS_MAX_POLL_INTERVAL_MS)
                .toString();
        // What a configuration provider will put there cannot be judged; Kafka's default is the best guess.
        return Duration.ofMillis(Long.parseLong(text.contains("${") ? KAFKAS_MAX_POLL_INTERVAL_MS : text.strip()));
    }

    /**
     * A producer goes on trying to send a record for {@code delivery.timeout.ms}, which Kafka wants to be no less than
     * one request takes; a transaction that has timed out meanwhile is lost. Only to be asked when there are no {@link
     * #problems}.
     */
    static List<Problem> transactionTimes(KafkaOverrides overrides) {
        long transaction = transactionMillis(overrides, "transaction.timeout.ms");
        long delivery = transactionMillis(overrides, "delivery.timeout.ms");
        long request = transactionMillis(overrides, "request.timeout.ms") + transactionMillis(overrides, "linger.ms");
        if (delivery >= transaction) {
            return List.of(new Problem(
                    "kafka.producer.delivery.timeout.ms",
                    "'" + delivery + "' is not less than transaction.timeout.ms (" + transaction
                            + "), so a transaction would time out while its records are sent; lower it, or raise"
                            + " kafka.producer.transaction.timeout.ms"));
        }
        if (request >= delivery) {
            return List.of(new Problem(
                    "kafka.producer.request.timeout.ms",
                    "'" + request + "', linger.ms included, is not less than delivery.timeout.ms (" + delivery
                            + "); lower it, or raise kafka.producer.delivery.timeout.ms and"
                            + " kafka.producer.transaction.timeout.ms"));
        }
        return List.of();
    }

    /** What a producer with transactions gets. */
    static long transactionMillis(KafkaOverrides overrides, String key) {
        String ours = KafkaClient.TRANSACTION_DEFAULTS.getOrDefault(key, "0");
        String text = overrides
                .forClient(KafkaClient.PRODUCER)
                .getOrDefault(key, ours)
                .toString();
        return Long.parseLong(text.contains("${") ? ours : text.strip());
    }

    private static Optional<String> misplaced(String fullKey) {
        String name = KafkaOverrides.nameInKafka(fullKey);
        Optional<KafkaClient> client = KafkaOverrides.client(fullKey);
        if (client.isEmpty() || client.get().knows(name)) {
            return Optional.empty();
        }
        return KafkaClient.ALL.stream()
                .filter(other -> other.knows(name))
                .findFirst()
                .map(other -> "that client has no such key; write " + other.prefix() + name);
    }

    private static Optional<String> mistyped(String fullKey) {
        String name = KafkaOverrides.nameInKafka(fullKey);
        if (name.isBlank()) {
            return Optional.of("names no key of Kafka; write for example " + fullKey + "client.id");
        }
        if (KafkaOverrides.isKnown(name)) {
            return Optional.empty();
        }
        // Kafka's plug-ins have keys of their own, so only what is all but a known key is a mistake.
        return NearestKey.within(2, fullKey, fullKeys()).map(nearest -> "unknown key; did you mean " + nearest + "?");
    }

    private static Stream<String> fullKeys() {
        return KafkaClient.ALL.stream()
                .flatMap(client -> client.keys().stream()
                        .flatMap(name -> Stream.of(KafkaClient.SHARED_PREFIX + name, client.prefix() + name)));
    }

    private static Optional<String> forced(String fullKey, String value) {
        return KafkaClient.ALL.stream()
                .filter(client -> KafkaOverrides.reaches(fullKey, client))
                .flatMap(client -> client.forced().stream())
                .filter(forced -> forced.key().equals(KafkaOverrides.nameInKafka(fullKey)))
                .filter(forced -> !forced.value().equalsIgnoreCase(value.strip()))
                .map(forced -> "'" + value + "' is not allowed: " + forced.reason()
                        + "; remove the key (the worker sets " + forced.value() + ")")
                .findFirst();
    }

    private static Optional<String> transactional(String fullKey) {
        return KafkaOverrides.nameInKafka(fullKey).equals("transactional.id")
                ? Optional.of(
                        "the worker derives it from the id in its spool.dir, so that no two share one; remove the key")
                : Optional.empty();
    }

    private static Optional<String> classicOnly(String fullKey) {
        if (KafkaOverrides.nameInKafka(fullKey).equals("group.instance.id")) {
            return Optional.of(
                    "with group.protocol=consumer a worker that comes back after a crash, before its old session"
                            + " is over, is refused for good by Kafka's client; remove the key, or use group.protocol=classic");
        }
        return KafkaClient.CLASSIC_GROUP_DEFAULTS.containsKey(KafkaOverrides.nameInKafka(fullKey))
                ? Optional.of("with group.protocol=consumer the broker's setting rules; remove the key")
                : Optional.empty();
    }

    private static Optional<String> refused(String fullKey, KafkaOverrides overrides) {
        String name = KafkaOverrides.nameInKafka(fullKey);
        Secret secret = overrides.secret().get(fullKey);
        String value = secret == null ? overrides.plain().getOrDefault(fullKey, "") : secret.reveal();
        if (value.contains("${")) {
            // A configuration provider will put something in its place, which is not known yet.
            return Optional.empty();
        }
        return KafkaClient.ALL.stream()
                .filter(client -> client.knows(name) && KafkaOverrides.reaches(fullKey, client))
                .flatMap(client -> client.refusal(name, value).stream())
                .findFirst()
                // Kafka's message echoes the value.
                .map(refusal -> secret == null ? "Kafka refuses it: " + refusal : "Kafka refuses its value");
    }
}

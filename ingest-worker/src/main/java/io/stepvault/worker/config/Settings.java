package io.stepvault.worker.config;

import io.stepvault.worker.config.DefaultValue.Fixed;
import io.stepvault.worker.config.DefaultValue.FromMachine;
import io.stepvault.worker.config.DefaultValue.Required;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The values of one configuration as texts, each with where it was found. Not thread-safe: used in one method.
 */
final class Settings {
    /**
     * A value as it was found.
     *
     * @param text may be a secret, and so appears in no message unless the key is one of ours
     * @param origin the file or the environment variable
     */
    private record Setting(String text, String origin) {}

    private final Map<String, Setting> ours = new HashMap<>();
    private final Map<String, Setting> passedThrough = new TreeMap<>();
    private final List<Problem> unknown = new ArrayList<>();
    private final Set<ConfigKey<?>> unusable = new HashSet<>();

    /** Takes values in; one that is taken in later wins. */
    void putAll(Map<String, String> values, String origin) {
        new TreeMap<>(values).forEach((key, text) -> put(key, new Setting(text, origin)));
    }

    /**
     * Takes environment twins in. An empty variable counts as not set: that is what {@code "${X:-}"} in a compose file
     * or a chart leaves behind.
     */
    void putEnvironment(Map<String, String> environment) {
        new TreeMap<>(environment).forEach((variable, text) -> {
            if (text.isEmpty() || !EnvironmentTwins.isOurs(variable)) {
                return;
            }
            EnvironmentTwins.key(variable)
                    .ifPresentOrElse(
                            key -> put(key, new Setting(text, variable)),
                            () -> unknown.add(unknown(variable, EnvironmentTwins.nearest(variable))));
        });
    }

    private void put(String key, Setting setting) {
        if (WorkerKeys.ALL.stream().anyMatch(known -> known.name().equals(key))) {
            ours.put(key, setting);
        } else if (key.startsWith(KafkaClient.SHARED_PREFIX)) {
            passedThrough.put(key, setting);
        } else {
            unknown.add(unknown(key, nearest(key)));
        }
    }

    private static Optional<String> nearest(String key) {
        return KafkaOverrides.isKnown(key)
                ? Optional.of(KafkaClient.SHARED_PREFIX + key)
                : EnvironmentTwins.key(key)
                        .or(() -> NearestKey.of(key, WorkerKeys.ALL.stream().map(ConfigKey::name)));
    }

    private static Problem unknown(String name, Optional<String> nearest) {
        return new Problem(
                name,
                nearest.map(known -> "unknown key; did you mean " + known + "?")
                        .orElse("unknown key; docs/configuration.md lists all keys"));
    }

    /** Reports unknown keys, values that cannot be read or are out of range, and required keys that are missing. */
    void check(Problems problems) {
        problems.addAll(unknown);
        for (ConfigKey<?> key : WorkerKeys.ALL) {
            problem(key).ifPresent(message -> {
                unusable.add(key);
                problems.add(new Problem(key.name(), message));
            });
        }
    }

    private Optional<String> problem(ConfigKey<?> key) {
        Setting setting = ours.get(key.name());
        if (setting == null) {
            return example(key)
                    .map(example -> "must be set, for example " + key.name() + "=" + example + " in the file, or "
                            + key.environmentName() + " in the environment");
        }
        try {
            key.parse(setting.text().strip());
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(Problem.quote(setting.text()) + " " + e.getMessage());
        }
    }

    /** A value to show for a key that has none, nor has the machine; empty if there is a fixed default. */
    private static Optional<String> example(ConfigKey<?> key) {
        if (key.defaultValue() instanceof Required<?> required) {
            return Optional.of(required.example());
        }
        return key.defaultValue() instanceof FromMachine<?> fromMachine
                ? Optional.of(fromMachine.example())
                : Optional.empty();
    }

    /** Whether {@link #check} found nothing wrong with these keys' values. */
    boolean usable(ConfigKey<?>... keys) {
        return Arrays.stream(keys).noneMatch(unusable::contains);
    }

    /** The value of a key that is {@link #usable}. */
    <T> T get(ConfigKey<T> key) {
        Setting setting = ours.get(key.name());
        if (setting != null) {
            return key.parse(setting.text().strip());
        }
        if (key.defaultValue() instanceof Fixed<T> fixed) {
            return fixed.value();
        }
        throw new IllegalStateException(key.name() + " has no value and no fixed default");
    }

    /** Whether a key has a value of its own. */
    boolean isSet(ConfigKey<?> key) {
        return ours.containsKey(key.name());
    }

    /** The value of a key that is {@link #usable} and need not be set. */
    <T> Optional<T> find(ConfigKey<T> key) {
        return Optional.ofNullable(ours.get(key.name()))
                .map(setting -> key.parse(setting.text().strip()));
    }

    /** What passes through to Kafka's clients. */
    KafkaOverrides passedThrough() {
        Map<String, String> values = new HashMap<>();
        passedThrough.forEach((key, setting) -> values.put(key, setting.text()));
        return KafkaOverrides.of(values);
    }

    /** A key with where its value was found, for messages. */
    String label(String key) {
        Setting setting = ours.getOrDefault(key, passedThrough.get(key));
        return setting == null ? key : key + " (" + setting.origin() + ")";
    }
}

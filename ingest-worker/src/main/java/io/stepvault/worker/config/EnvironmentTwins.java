package io.stepvault.worker.config;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which key an environment variable stands for. Stateless; safe for any thread. */
final class EnvironmentTwins {
    private static final String KAFKA_PREFIX = ConfigKey.ENVIRONMENT_PREFIX + "KAFKA_";

    private static final Map<String, ConfigKey<?>> KEYS = WorkerKeys.ALL.stream()
            .collect(Collectors.toUnmodifiableMap(ConfigKey::environmentName, Function.identity()));

    /**
     * Variables that are no keys. Kubernetes gives every container variables for the services around it, so that a
     * service named {@code stepvault} or {@code stepvault-kafka} would stop every worker; the others are the launcher's
     * and the tests'.
     */
    private static final Pattern NOT_OURS = Pattern.compile("STEPVAULT_(\\w+_)?SERVICE_(HOST|PORT(_\\w+)?)"
            + "|STEPVAULT_(\\w+_)?PORT(_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?"
            + "|STEPVAULT_(JAVA_OPTS|DEBUG|BUILDING)"
            + "|STEPVAULT_TEST_\\w+");

    private EnvironmentTwins() {}

    /** Whether a variable has to stand for a key, and is an error if it does not. */
    static boolean isOurs(String variable) {
        return variable.startsWith(ConfigKey.ENVIRONMENT_PREFIX)
                && (KEYS.containsKey(variable) || !NOT_OURS.matcher(variable).matches());
    }

    /** The key that a variable stands for; Kafka's own keys have only dots where the variable has underscores. */
    static Optional<String> key(String variable) {
        ConfigKey<?> key = KEYS.get(variable);
        if (key != null) {
            return Optional.of(key.name());
        }
        if (!variable.startsWith(KAFKA_PREFIX) || variable.length() == KAFKA_PREFIX.length()) {
            return Optional.empty();
        }
        return Optional.of(variable.substring(ConfigKey.ENVIRONMENT_PREFIX.length())
                .toLowerCase(Locale.ROOT)
                .replace('_', '.'));
    }

    /** What a variable that stands for no key was perhaps meant to be. */
    static Optional<String> nearest(String variable) {
        return NearestKey.of(variable, KEYS.keySet().stream());
    }
}

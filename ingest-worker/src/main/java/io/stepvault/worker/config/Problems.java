package io.stepvault.worker.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Collects mistakes, so that all are reported together, as one line each whatever a value holds. Not thread-safe: made,
 * filled and thrown in one method.
 */
final class Problems {
    private final List<String> lines = new ArrayList<>();
    private final UnaryOperator<String> label;

    Problems() {
        this(UnaryOperator.identity());
    }

    /** With a label for each key, such as where its value was set. */
    Problems(UnaryOperator<String> label) {
        this.label = label;
    }

    Problems add(Problem problem) {
        lines.add(line(label.apply(problem.key()), problem.message()));
        return this;
    }

    Problems addAll(Collection<Problem> problems) {
        problems.forEach(this::add);
        return this;
    }

    /** Checks a value against its key's range. */
    <T> Problems check(ConfigKey<T> key, T value) {
        return addAll(key.check(value));
    }

    /** @throws ConfigException if there is any problem */
    void throwIfAny() {
        if (!lines.isEmpty()) {
            throw new ConfigException(lines);
        }
    }

    static String line(String subject, String message) {
        return (subject + ": " + message)
                .replaceAll("\\p{Cntrl}+", " ")
                .replaceAll("//[^/@\\s]*@", "//" + Secret.MASK + "@");
    }
}

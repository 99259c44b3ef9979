package io.stepvault.worker.config;

import java.util.List;
import java.util.Locale;

/**
 * One key of the configuration, as the reference describes it. Immutable; safe for any thread.
 *
 * @param name dotted, such as {@code batch.max.age}
 * @param type type and range of its value
 * @param defaultValue what holds when it is not set
 * @param doc what it does, in Markdown, without line breaks
 * @param since the first version that knows it
 */
public record ConfigKey<T>(String name, ValueType<T> type, DefaultValue<T> defaultValue, String doc, String since) {
    static final String ENVIRONMENT_PREFIX = "STEPVAULT_";

    /** Its environment twin, such as {@code STEPVAULT_BATCH_MAX_AGE}. */
    public String environmentName() {
        return ENVIRONMENT_PREFIX
                + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /**
     * Reads a value and checks its range.
     *
     * @throws IllegalArgumentException with what is wrong and what to write instead, to be read after the value
     */
    public T parse(String text) {
        T value = type.parser().apply(text);
        if (!type.accepts().test(value)) {
            throw new IllegalArgumentException(outOfRange());
        }
        return value;
    }

    /** The problem with a value, if it is out of range. */
    List<Problem> check(T value) {
        return type.accepts().test(value)
                ? List.of()
                : List.of(new Problem(name, Problem.quote(type.format().apply(value)) + " " + outOfRange()));
    }

    private String outOfRange() {
        return "is not allowed; expected " + type.allowed();
    }
}

package io.stepvault.storage;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * A label that holds the sessions that carry it: whoever expires, thins out or deletes leaves them alone.
 *
 * @param label the label's name, not empty
 * @param value the value that it must have; empty for any
 */
public record LabelHold(String label, Optional<String> value) implements Comparable<LabelHold> {
    private static final Comparator<LabelHold> ORDER = Comparator.comparing(LabelHold::label)
            .thenComparing(hold -> hold.value().isPresent())
            .thenComparing(hold -> hold.value().orElse(""));

    /** Checks the name. */
    public LabelHold {
        if (label.isEmpty()) {
            throw new IllegalArgumentException("a hold names a label");
        }
    }

    /**
     * Reads {@code NAME} or {@code NAME=VALUE}, where the name has no equals sign.
     *
     * @throws IllegalArgumentException if there is no name
     */
    public static LabelHold parse(String text) {
        int equals = text.indexOf('=');
        return equals < 0
                ? new LabelHold(text, Optional.empty())
                : new LabelHold(text.substring(0, equals), Optional.of(text.substring(equals + 1)));
    }

    /** Whether these labels hold. */
    public boolean holds(Map<String, String> labels) {
        String actual = labels.get(label);
        return actual != null && (value.isEmpty() || value.get().equals(actual));
    }

    @Override
    public int compareTo(LabelHold other) {
        return ORDER.compare(this, other);
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return label + value.map(text -> "=" + text).orElse("");
    }
}

package io.stepvault.worker.config;

import java.util.List;

/** How completion events are delivered. */
public enum Delivery {
    /** Sent before the offsets they cover are committed: after a crash an event may be sent again. */
    AT_LEAST_ONCE;

    /** Names {@code exactly-once}, which is planned, in its refusal. */
    static final ValueType<Delivery> TYPE = type(ValueType.oneOf(List.of(values())));

    private static ValueType<Delivery> type(ValueType<Delivery> choice) {
        return new ValueType<>(
                choice.allowed(),
                text -> {
                    if (text.equalsIgnoreCase("exactly-once")) {
                        throw new IllegalArgumentException(
                                "comes with a later release; leave the key out or write at-least-once");
                    }
                    return choice.parser().apply(text);
                },
                choice.format(),
                choice.accepts());
    }
}

package io.stepvault.server.http;

import java.util.List;
import java.util.Optional;

/** A request's header fields. Names are matched without regard to case. */
@FunctionalInterface
public interface Headers {
    /** The field's values, one per line of the request, in order. */
    List<String> values(String name);

    /** The field as one value: several lines are joined with commas, which is what they mean. */
    default Optional<String> value(String name) {
        List<String> values = values(name);
        return values.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", values));
    }
}

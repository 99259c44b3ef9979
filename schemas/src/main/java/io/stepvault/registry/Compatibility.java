package io.stepvault.registry;

import java.util.List;

/**
 * Whether a schema may follow the latest of its subject, by the rule that the registry has for it.
 *
 * @param messages what stands against it, in the registry's words; empty if it does not say
 */
public record Compatibility(boolean isCompatible, List<String> messages) {
    /** Copies. */
    public Compatibility {
        messages = List.copyOf(messages);
    }
}

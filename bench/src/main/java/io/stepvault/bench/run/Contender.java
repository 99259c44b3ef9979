package io.stepvault.bench.run;

import io.stepvault.bench.drain.Drain;

/**
 * A drain with what is said of it.
 *
 * @param id how options and programs call it
 * @param heap the most memory for its objects, as {@code 256m}
 * @param stores whether it puts anything, which the one that only consumes does not
 */
public record Contender(String id, Drain drain, String heap, boolean stores) {
    /** How tables call it. */
    public String name() {
        return drain.name();
    }
}

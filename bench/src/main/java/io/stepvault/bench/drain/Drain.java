package io.stepvault.bench.drain;

import java.io.IOException;
import java.util.List;

/**
 * A way of moving captures from a topic to a store. It runs in a process of its own until it is killed. How far it is
 * can be told from what its group has committed.
 */
public interface Drain {
    /** How tables call it, a few words. */
    String name();

    /** The group it commits for, where it chooses that itself from what is asked for: Connect puts a prefix before it. */
    default String group(String asked) {
        return asked;
    }

    /**
     * All that follows {@code java} and the flags that every contender gets (heap, log of collections, trust): the
     * drain's own flags, its class path, its main class, its arguments. Files that it needs are written to the target's
     * directory first.
     */
    List<String> command(DrainTarget target) throws IOException;
}

package io.stepvault.worker;

import java.util.Optional;

/** Is called every now and then while a range is read, by the thread that waits for it. */
@FunctionalInterface
public interface RangeWatch {
    /**
     * Reading goes on.
     *
     * @param trouble what it waits for, if it does
     */
    void look(Optional<String> trouble);
}

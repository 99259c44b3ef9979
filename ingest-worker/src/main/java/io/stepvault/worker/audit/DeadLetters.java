package io.stepvault.worker.audit;

import java.util.function.Consumer;

/** Tells the dead letters of a topic. */
@FunctionalInterface
public interface DeadLetters {
    /** Tells all that there are now, in any order; repeats do no harm. */
    void forEach(Consumer<KnownLetter> action);
}

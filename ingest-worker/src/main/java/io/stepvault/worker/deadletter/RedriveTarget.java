package io.stepvault.worker.deadletter;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The topic that a letter goes to. Immutable; safe for any thread.
 *
 * @param topic its name
 * @param partitions how many partitions it has
 */
public record RedriveTarget(String topic, int partitions) {
    /** Says where a letter goes. */
    @FunctionalInterface
    public interface Lookup {
        /** Empty if the topic is not there any more. */
        Optional<RedriveTarget> of(StoredDeadLetter letter);
    }

    /**
     * The partition that the record came from, so that it lies with the others of its session, and chunks of one set with
     * each other; null, which leaves it to the key, if there is none of that number.
     */
    @Nullable
    Integer partition(LetterSource.Id source) {
        return source.partition() < partitions ? source.partition() : null;
    }
}

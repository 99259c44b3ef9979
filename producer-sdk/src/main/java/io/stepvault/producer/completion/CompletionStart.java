package io.stepvault.producer.completion;

import java.time.Instant;

/** Where the topic of completions is read from, where nothing says otherwise. */
public sealed interface CompletionStart {

    /** All that the topic still has. */
    static CompletionStart earliest() {
        return new Earliest();
    }

    /** What comes from now on. */
    static CompletionStart latest() {
        return new Latest();
    }

    /** What was published at this time or later. */
    static CompletionStart at(Instant time) {
        return new At(time);
    }

    /** See {@link #earliest()}. */
    record Earliest() implements CompletionStart {}

    /** See {@link #latest()}. */
    record Latest() implements CompletionStart {}

    /**
     * See {@link #at(Instant)}.
     *
     * @param time by the records' timestamps; after the last record means from now on
     */
    record At(Instant time) implements CompletionStart {}
}

package io.stepvault.worker.deadletter;

import java.time.Instant;
import java.util.List;

/**
 * A dead letter on its topic, without its payload. Immutable; safe for any thread.
 *
 * @param records where the records lie that carry it: one, or one for each chunk in order; of one in part, those that
 *     are left
 * @param at when it was sent
 * @param state what can be done with it
 */
public record StoredDeadLetter(
        List<LetterPlace> records, Instant at, LetterHeaders headers, LetterPayload payload, State state) {
    /** What can be done with a dead letter. */
    public enum State {
        /** It waits for someone to do something about it. */
        WAITING,
        /** It was sent through the pipeline again. */
        REDRIVEN,
        /** Some of its chunks are missing: retention removed them, or the rest has not come yet. */
        PARTIAL
    }

    /** Copies; checks that there is a record. */
    public StoredDeadLetter {
        records = List.copyOf(records);
        if (records.isEmpty()) {
            throw new IllegalArgumentException("a dead letter has at least one record");
        }
    }

    /** The place that it goes by: that of its last record. */
    public LetterPlace place() {
        return records.get(records.size() - 1);
    }

    /** The record that it is a copy of. */
    public LetterSource source() {
        return headers.source();
    }

    StoredDeadLetter with(List<LetterPlace> otherRecords, State otherState) {
        return new StoredDeadLetter(otherRecords, at, headers, payload, otherState);
    }

    /** This attempt, as history of the next. */
    PastAttempt asPast() {
        LetterSource.Id id = source().id();
        return new PastAttempt(at, headers.reason(), source().topic(), id.partition(), id.offset());
    }
}

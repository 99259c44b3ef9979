package io.stepvault.worker.commit;

import io.stepvault.event.BatchStored;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.DeadLetter;
import io.stepvault.worker.flow.TrackedOffset;
import java.util.List;
import java.util.Optional;

/**
 * What settles records: the completion of their batch, or their dead letters, or both. It becomes known to others only
 * together with the offsets.
 *
 * @param offsets the handles that it settles, of one assignment; at least one
 * @param bytes what it holds in memory until it is committed
 * @param whenCommitted run on the pipeline's thread once it is committed, and not at all if its assignment ends before
 */
public record Settlement(
        Optional<BatchStored> completion,
        List<DeadLetter> deadLetters,
        List<TrackedOffset> offsets,
        long bytes,
        Runnable whenCommitted) {
    /** Copies; checks that it settles something. */
    public Settlement {
        deadLetters = List.copyOf(deadLetters);
        offsets = List.copyOf(offsets);
        if (offsets.isEmpty()) {
            throw new IllegalArgumentException("a settlement settles at least one record");
        }
    }

    /** One dead letter, for the record or the chunks that carried it. */
    public static Settlement deadLetter(DeadLetter letter, List<TrackedOffset> offsets) {
        return new Settlement(Optional.empty(), List.of(letter), offsets, letter.bytes(), () -> {});
    }

    Assignment assignment() {
        return offsets.get(0).assignment();
    }

    /** Where it stands among others: the offset of its first capture, which came complete with its last chunk. */
    long order() {
        return completion
                .map(event -> event.getSource().getFirstOffset())
                .orElseGet(() -> offsets.get(0).offset());
    }

    /** The session that it completes, if it does. */
    Optional<String> session() {
        return completion.map(BatchStored::getSessionId);
    }
}

package io.stepvault.worker.replay;

import io.stepvault.capture.Rejection.Reason;
import io.stepvault.wire.ChunkHeader;
import io.stepvault.worker.assemble.ChunkHeaders;
import io.stepvault.worker.flow.DeadLetter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * Says what a record is that can never be stored: bad, refused by the store, or the rest of a capture whose first chunks
 * came before the range. Of the last, each capture counts once. For one thread.
 */
public final class BadRecords {
    private static final int MAX_REMEMBERED = 10_000;

    /** Whether the first chunk of a set was seen, by partition and set. */
    private final Map<Set, Boolean> sets = new Remembered();

    private record Set(TopicPartition partition, String id) {}

    private static final class Remembered extends LinkedHashMap<Set, Boolean> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Set, Boolean> eldest) {
            return size() > MAX_REMEMBERED;
        }
    }

    /** What it is; empty if it is one more chunk of what has been counted. */
    public Optional<Outcome> outcome(DeadLetter letter) {
        Reason reason = letter.rejection().reason();
        if (reason == Reason.REFUSED_BY_STORE || reason == Reason.STORE_GAVE_UP) {
            return Optional.of(Outcome.FAILED);
        }
        Optional<ChunkHeader> chunk =
                reason == Reason.INCOMPLETE_CHUNKS ? ChunkHeaders.read(letter.record()) : Optional.empty();
        if (chunk.isEmpty()) {
            return Optional.of(Outcome.BAD);
        }
        Set set = new Set(letter.source(), chunk.get().id().toString());
        // The chunks of a set that was given up come in order, the first of them first.
        Boolean hadFirst = sets.putIfAbsent(set, chunk.get().index() == 0);
        if (hadFirst == null) {
            return Optional.of(chunk.get().index() == 0 ? Outcome.BAD : Outcome.CUT);
        }
        return hadFirst ? Optional.of(Outcome.BAD) : Optional.empty();
    }
}

package io.stepvault.worker.spool;

import io.stepvault.worker.flow.SourceRecord;
import java.util.List;

/**
 * A capture in the disk queue, as the bytes of its record.
 *
 * @param offsets the offsets of the records that carried it, ascending: one, or one for each chunk. The last is the
 *     capture's own.
 */
public record SpooledCapture(List<Long> offsets, SourceRecord record) {
    /** Copies; checks that there is an offset. */
    public SpooledCapture {
        offsets = List.copyOf(offsets);
        if (offsets.isEmpty()) {
            throw new IllegalArgumentException("a capture has at least one offset");
        }
    }
}

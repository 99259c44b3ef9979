package io.stepvault.worker.assemble;

import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.SourceRecord;
import io.stepvault.worker.flow.TrackedOffset;
import java.util.List;

/** Where records enter the assemble stage. */
public interface RecordInput {
    /** Takes a record that is to be settled. */
    void accept(SourceRecord record, TrackedOffset offset);

    /** The memory that a record would take up from now on, in bytes: it may complete a capture far larger than itself. */
    long bytesNeededFor(Assignment assignment, SourceRecord record);

    /** Where whole records go. */
    @FunctionalInterface
    interface Whole {
        /**
         * Takes a record, or what chunks made up.
         *
         * @param offsets the handles of the records that carried it, ascending
         */
        void accept(SourceRecord record, List<TrackedOffset> offsets);
    }
}

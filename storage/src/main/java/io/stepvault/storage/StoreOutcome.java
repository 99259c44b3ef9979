package io.stepvault.storage;

import io.stepvault.capture.CommitRecord;
import io.stepvault.capture.Revision;
import io.stepvault.storage.object.StoreException;
import java.net.URI;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** What came of storing one step. Immutable; safe for any thread. */
public sealed interface StoreOutcome {
    /**
     * The revision is durable and readable.
     *
     * @param record what was committed
     * @param revision which revision it is
     * @param artifactUris where each artifact is, by artifact name: in the form in which this store wrote it
     */
    record Stored(CommitRecord record, Revision revision, SortedMap<String, URI> artifactUris) implements StoreOutcome {
        /** Copies the map. */
        public Stored {
            artifactUris = Collections.unmodifiableSortedMap(new TreeMap<>(artifactUris));
        }
    }

    /**
     * The revision is not known to be stored. Some or all of its objects may have been written; storing it again writes
     * the same ones.
     *
     * @param cause what failed in the end, after retries
     */
    record Failed(StoreException cause) implements StoreOutcome {}

    /**
     * The session has been deleted, so the step is not stored, and never will be: nothing of it can be read, and what
     * this store had written of it is removed.
     */
    record SessionDeleted() implements StoreOutcome {}

    /**
     * The store's policy would remove the step at once, so it is not stored. A {@link StepStore} asks no policy when it
     * stores: only those that fill a store again say this.
     *
     * @param why one sentence for a person
     */
    record NotKept(String why) implements StoreOutcome {}
}

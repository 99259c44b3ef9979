package io.stepvault.storage;

import io.stepvault.capture.CommitRecord;
import io.stepvault.capture.Revision;
import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.SortedMap;

/** A revision of a step as it is stored. Immutable; safe for any thread. */
public interface StoredStep {
    /** All that the capture said but its artifacts' bytes. */
    CommitRecord record();

    /** Which revision this is. */
    Revision revision();

    /** Where each artifact is, by {@link io.stepvault.capture.ArtifactName}. */
    SortedMap<String, URI> artifactUris();

    /**
     * Opens an artifact. At its end the stream compares what it read with the commit record, and throws an {@link
     * IOException} caused by an {@link ObjectCorruptException} if size or SHA-256 differ.
     *
     * @param artifactName one of the names in {@code record().artifacts()}
     * @throws ObjectNotFoundException if the step has no such artifact, or its object is gone
     * @throws StoreException if the store fails
     */
    InputStream open(String artifactName);

    /**
     * Reads an artifact whole, and compares it with the commit record. It must fit into an array.
     *
     * @param artifactName one of the names in {@code record().artifacts()}
     * @throws ObjectNotFoundException if the step has no such artifact, or its object is gone
     * @throws ObjectCorruptException if the bytes are not those that were stored
     * @throws StoreException if the store fails
     */
    byte[] read(String artifactName);
}

package io.stepvault.storage;

import io.stepvault.capture.CommitRecord;
import io.stepvault.capture.Revision;
import io.stepvault.storage.object.ByteRange;
import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;

/** A revision of a step as it is stored. Immutable; safe for any thread. */
public interface StoredStep {
    /** All that the capture said but its artifacts' bytes. */
    CommitRecord record();

    /** Which revision this is. */
    Revision revision();

    /**
     * Where each artifact is, by {@link io.stepvault.capture.ArtifactName}. What lies there may be compressed: it is then
     * marked as {@code Content-Encoding: gzip}, or lies in a directory {@code gzip}. May ask the store, once for a step.
     *
     * @throws StoreException if the store fails
     */
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

    /**
     * Opens a part of an artifact: bytes as they were captured. What lies past the end is left out. The bytes are not
     * compared with the commit record, since its SHA-256 is that of the whole; only that there are as many as it says is
     * seen to, while reading: the stream throws an {@link IOException} caused by an {@link ObjectCorruptException} if not.
     *
     * <p>Of what is stored compressed all that comes before is read, too, and so it is by a store that cannot do better.
     *
     * @param artifactName one of the names in {@code record().artifacts()}
     * @throws IllegalArgumentException if the range begins past the end of the artifact
     * @throws ObjectNotFoundException if the step has no such artifact, or its object is gone
     * @throws StoreException if the store fails
     */
    default InputStream open(String artifactName, ByteRange range) {
        return RangeStream.after(this, artifactName, range);
    }

    /**
     * A URL by which anybody can read the artifact for a while, without this store and without credentials; empty if the
     * store has none, as a directory. <b>The URL is a secret</b>: whoever has it can read the artifact. It must not be
     * logged. It ends earlier than asked for if the credentials that sign it do.
     *
     * <p>Browsers save rather than show what it leads to, but for plain text, JSON and raster images: captured HTML, SVG
     * and the like are hostile, and would run under the bucket's address. What is stored compressed comes as {@code
     * Content-Encoding: gzip}. Whether the object is still there is not checked.
     *
     * @param artifactName one of the names in {@code record().artifacts()}
     * @param validFor 1 s to 7 days, in whole seconds
     * @throws IllegalArgumentException if it is to be valid for less or more
     * @throws ObjectNotFoundException if the step has no such artifact
     * @throws StoreException if the store fails, or there are no credentials to sign it with
     */
    default Optional<URI> presign(String artifactName, Duration validFor) {
        return Optional.empty();
    }
}

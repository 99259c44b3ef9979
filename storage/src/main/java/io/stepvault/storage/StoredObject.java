package io.stepvault.storage;

import java.time.Instant;

/**
 * An object of a revision, as the store lists it.
 *
 * @param name what its key goes on with after the revision's prefix, such as {@code page.html}, {@code gzip/page.html} or
 *     {@code step.json}
 * @param size in bytes, as it is stored
 * @param lastModified by the store's clock
 */
public record StoredObject(String name, long size, Instant lastModified) {
    private static final String GZIP = "gzip/";

    /** Whether this is a commit record. */
    public boolean isCommitRecord() {
        return name.equals(ObjectsLayout.COMMIT_RECORD);
    }

    /** Whether this is the compressed form of an artifact. */
    public boolean isCompressed() {
        return name.startsWith(GZIP);
    }

    /** The name in its plain form: what {@link StoreInspection#objectName} gives for the artifact. */
    public String plainName() {
        return isCompressed() ? name.substring(GZIP.length()) : name;
    }
}

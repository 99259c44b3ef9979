package io.stepvault.storage;

import io.stepvault.capture.ArtifactInfo;
import io.stepvault.capture.CommitRecord;
import io.stepvault.capture.Revision;
import io.stepvault.storage.object.ByteRange;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.ObjectStore;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A stored revision whose artifacts are objects of their own, in one form or the other. */
final class ObjectStep implements StoredStep {
    private final ArtifactReader reader;
    private final ObjectStore objects;
    private final CommitRecord record;
    private final Revision revision;
    private final String commitKey;
    private final String gzipPrefix;
    private final SortedMap<String, ArtifactKeys> keys = new TreeMap<>();
    // What is there once stays, until all of it goes.
    private volatile @Nullable Set<String> compressed;

    ObjectStep(
            ArtifactReader reader, ObjectStore objects, ObjectsLayout layout, CommitRecord record, Revision revision) {
        this.reader = reader;
        this.objects = objects;
        this.record = record;
        this.revision = revision;
        String prefix = layout.revision(record.sessionId(), record.stepId(), revision);
        this.commitKey = layout.commitRecord(prefix);
        this.gzipPrefix = layout.gzip(prefix);
        record.artifacts()
                .forEach((name, info) -> keys.put(name, layout.artifactKeys(prefix, name, info.contentType())));
    }

    @Override
    public CommitRecord record() {
        return record;
    }

    @Override
    public Revision revision() {
        return revision;
    }

    @Override
    public SortedMap<String, URI> artifactUris() {
        SortedMap<String, URI> uris = new TreeMap<>();
        keys.forEach((name, places) -> uris.put(name, objects.uriOf(stored(places))));
        return Collections.unmodifiableSortedMap(uris);
    }

    /** The key under which the artifact is stored; the compressed form, if there are both. */
    private String stored(ArtifactKeys artifact) {
        Set<String> known = compressed;
        if (known == null) {
            known = reader.keys(gzipPrefix);
            compressed = known;
        }
        return artifact.of(known.contains(artifact.gzip()) ? Compression.GZIP : Compression.NONE);
    }

    @Override
    public InputStream open(String artifactName) {
        return found(() -> reader.open(key(artifactName), info(artifactName)));
    }

    @Override
    public byte[] read(String artifactName) {
        return found(() -> reader.read(key(artifactName), info(artifactName)));
    }

    @Override
    public InputStream open(String artifactName, ByteRange range) {
        return found(() -> reader.open(key(artifactName), info(artifactName), range));
    }

    @Override
    public Optional<URI> presign(String artifactName, Duration validFor) {
        boolean asAttachment = !InertContent.is(info(artifactName).contentType());
        ArtifactKeys artifact = key(artifactName);
        Optional<URI> plain = objects.presign(artifact.plain(), asAttachment, validFor);
        return plain.isEmpty() || stored(artifact).equals(artifact.plain())
                ? plain
                : objects.presign(artifact.gzip(), asAttachment, validFor);
    }

    /** Commit records come last and go first: if the step was there and an artifact is not, the step is being removed. */
    private <T> T found(Supplier<T> artifact) {
        try {
            return artifact.get();
        } catch (ObjectNotFoundException e) {
            throw e.key().equals(commitKey)
                    ? e
                    : new ObjectNotFoundException(
                            reader.store(), e.key(), "the step has expired or been deleted since it was found", e);
        }
    }

    private ArtifactKeys key(String artifactName) {
        ArtifactKeys key = keys.get(artifactName);
        if (key == null) {
            throw noSuchArtifact();
        }
        return key;
    }

    private ArtifactInfo info(String artifactName) {
        ArtifactInfo info = record.artifacts().get(artifactName);
        if (info == null) {
            throw noSuchArtifact();
        }
        return info;
    }

    private ObjectNotFoundException noSuchArtifact() {
        return new ObjectNotFoundException(
                reader.store(),
                commitKey,
                "the step has no artifact of this name; its commit record lists those it has",
                null);
    }

    @Override
    public String toString() {
        return "StoredStep[" + commitKey + "]";
    }
}

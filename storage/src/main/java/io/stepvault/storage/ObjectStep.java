package io.stepvault.storage;

import io.stepvault.capture.ArtifactInfo;
import io.stepvault.capture.CommitRecord;
import io.stepvault.capture.Revision;
import io.stepvault.storage.object.ByteRange;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.ObjectPresigner;
import io.stepvault.storage.object.ObjectStore;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A stored revision whose artifacts are objects of their own. */
final class ObjectStep implements StoredStep {
    private final CheckedReader reader;
    private final ObjectPresigner presigner;
    private final CommitRecord record;
    private final Revision revision;
    private final String commitKey;
    private final SortedMap<String, String> keys;
    private final SortedMap<String, URI> uris = new TreeMap<>();

    ObjectStep(
            CheckedReader reader, ObjectStore objects, ObjectsLayout layout, CommitRecord record, Revision revision) {
        this.reader = reader;
        this.presigner = objects;
        this.record = record;
        this.revision = revision;
        String prefix = layout.revision(record.sessionId(), record.stepId(), revision);
        this.commitKey = layout.commitRecord(prefix);
        this.keys = new TreeMap<>();
        record.artifacts().forEach((name, info) -> {
            String key = layout.artifact(prefix, name, info.contentType());
            keys.put(name, key);
            uris.put(name, objects.uriOf(key));
        });
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
        return Collections.unmodifiableSortedMap(uris);
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
        return presigner.presign(key(artifactName), asAttachment, validFor);
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

    private String key(String artifactName) {
        String key = keys.get(artifactName);
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

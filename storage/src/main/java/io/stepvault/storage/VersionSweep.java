package io.stepvault.storage;

import io.stepvault.storage.ObjectsLayout.RevisionPlace;
import io.stepvault.storage.object.ListPlace;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.ObjectVersion;
import io.stepvault.storage.object.ObjectVersions;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.storage.retry.BlockingRetry;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Looks at versions of objects. Calls block, and are made again when the store fails for the moment. For one thread. */
final class VersionSweep {
    private static final int MAX_COMMIT_RECORD = 256 << 20;

    private final ObjectVersions versions;
    private final ObjectsLayout layout;
    private final BlockingRetry retry;
    private final String store;

    /**
     * A sweep of what {@code objects} keep.
     *
     * @throws StoreAccessException if they keep nothing
     */
    VersionSweep(ObjectStore objects, ObjectsLayout layout, BlockingRetry retry) {
        this.store = objects.location().toString();
        this.versions = objects.versions()
                .orElseThrow(
                        () -> new StoreAccessException(store, "", "this store keeps no versions of objects", null));
        this.layout = layout;
        this.retry = retry;
    }

    /** Shows all versions of the objects whose keys begin with {@code prefix}, by key, the latest first. */
    void forEach(String prefix, Consumer<ObjectVersion> action) {
        Optional<ListPlace> place = Optional.empty();
        boolean more = true;
        while (more) {
            Optional<ListPlace> from = place;
            ObjectVersions.Page page = retry.call(() -> versions.list(prefix, from));
            page.versions().forEach(action);
            place = page.next();
            more = place.isPresent() && !place.equals(from);
        }
    }

    /** Shows the versions of each revision under {@code prefix} together; passes over all else. */
    void forEachRevision(String prefix, Consumer<List<ObjectVersion>> action) {
        List<ObjectVersion> together = new ArrayList<>();
        forEach(prefix, version -> {
            Optional<RevisionPlace> place = layout.readRevisionOf(version.key());
            if (!together.isEmpty()
                    && !place.equals(layout.readRevisionOf(together.get(0).key()))) {
                action.accept(List.copyOf(together));
                together.clear();
            }
            if (place.isPresent()) {
                together.add(version);
            }
        });
        if (!together.isEmpty()) {
            action.accept(together);
        }
    }

    /** Those of one object, the latest first. */
    List<ObjectVersion> of(String key) {
        List<ObjectVersion> found = new ArrayList<>();
        forEach(key, version -> {
            if (version.key().equals(key)) {
                found.add(version);
            }
        });
        return found;
    }

    /** The bytes of a commit record. */
    byte[] read(ObjectVersion version) {
        return retry.call(() -> {
            try (InputStream stream = versions.get(version)) {
                return stream.readNBytes(MAX_COMMIT_RECORD);
            } catch (IOException e) {
                throw new TransientStoreException(store, version.key(), "reading broke off; try again", e);
            }
        });
    }

    /** Removes the delete markers that hide an object, of which these are the versions, the latest first. */
    void bringBack(List<ObjectVersion> ofOneKey) {
        List<ObjectVersion> left = ofOneKey;
        while (!left.isEmpty() && left.get(0).isDeleteMarker()) {
            ObjectVersion marker = left.get(0);
            retry.call(() -> {
                versions.removeMarker(marker);
                return marker;
            });
            // Which of several is the next can be told from the store's own order only.
            boolean wasOnlyMarker =
                    left.stream().filter(ObjectVersion::isDeleteMarker).count() == 1;
            left = wasOnlyMarker ? List.of() : of(marker.key());
        }
    }
}

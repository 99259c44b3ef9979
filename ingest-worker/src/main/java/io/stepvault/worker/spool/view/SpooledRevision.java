package io.stepvault.worker.spool.view;

import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.worker.spool.SpoolEntry;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A capture that waits in the disk queue, and which objects it will become: their keys and sizes, but not their bytes.
 * Immutable.
 */
final class SpooledRevision {
    private final SpoolEntry batch;
    private final int place;
    private final String dayMarker;
    private final String prefix;
    // What the keys of its objects go on with after the prefix, in order. Most revisions share the same few.
    private final String[] names;
    private final long[] sizes;

    /**
     * A capture.
     *
     * @param place of the capture in its batch, from 0
     * @param objects its day marker, its artifacts, its commit record
     */
    SpooledRevision(SpoolEntry batch, int place, List<PutRequest> objects) {
        this.batch = batch;
        this.place = place;
        this.dayMarker = objects.get(0).key();
        String commit = objects.get(objects.size() - 1).key();
        this.prefix = commit.substring(0, commit.lastIndexOf('/') + 1);
        List<PutRequest> inOrder = objects.stream()
                .skip(1)
                .sorted(Comparator.comparing(PutRequest::key))
                .toList();
        this.names = inOrder.stream()
                .map(object -> object.key().substring(prefix.length()).intern())
                .toArray(String[]::new);
        this.sizes = inOrder.stream().mapToLong(PutRequest::size).toArray();
    }

    SpoolEntry batch() {
        return batch;
    }

    int place() {
        return place;
    }

    String dayMarker() {
        return dayMarker;
    }

    /** What the keys of its objects begin with, a slash at the end. */
    String prefix() {
        return prefix;
    }

    boolean has(String key) {
        return key.startsWith(prefix) && Arrays.asList(names).contains(key.substring(prefix.length()));
    }

    /** Its objects but the day marker, in the order of their keys. */
    Stream<ObjectInfo> objects() {
        return Stream.iterate(0, i -> i < names.length, i -> i + 1)
                .map(i -> new ObjectInfo(prefix + names[i], sizes[i], batch.writtenAt()));
    }
}

package io.stepvault.storage.s3;

import io.stepvault.storage.object.ListPlace;
import io.stepvault.storage.object.ObjectVersion;
import io.stepvault.storage.object.ObjectVersions;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.object.StoreException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;

/** The versions of a bucket's objects. Safe for any thread. */
final class S3Versions implements ObjectVersions {
    /** By key, the latest first. Of one second, a delete marker is taken to be later. */
    private static final Comparator<ObjectVersion> ORDER = Comparator.comparing(ObjectVersion::key)
            .thenComparing(version -> !version.isLatest())
            .thenComparing(ObjectVersion::at, Comparator.reverseOrder())
            .thenComparing(version -> !version.isDeleteMarker());

    private final String bucket;
    private final S3Calls s3;

    S3Versions(String bucket, S3Calls s3) {
        this.bucket = bucket;
        this.s3 = s3;
    }

    @Override
    public Page list(String prefix, Optional<ListPlace> from) {
        ListObjectVersionsRequest.Builder request =
                ListObjectVersionsRequest.builder().bucket(bucket).prefix(prefix);
        from.ifPresent(place -> request.keyMarker(place.key()));
        from.filter(place -> !place.id().isEmpty()).ifPresent(place -> request.versionIdMarker(place.id()));
        ListObjectVersionsResponse page = call(prefix, request.build());
        Stream<ObjectVersion> versions = page.versions().stream()
                .map(version -> new ObjectVersion(
                        version.key(),
                        version.versionId(),
                        version.lastModified(),
                        version.size(),
                        Boolean.TRUE.equals(version.isLatest()),
                        false));
        Stream<ObjectVersion> markers = page.deleteMarkers().stream()
                .map(marker -> new ObjectVersion(
                        marker.key(),
                        marker.versionId(),
                        marker.lastModified(),
                        0,
                        Boolean.TRUE.equals(marker.isLatest()),
                        true));
        List<ObjectVersion> all = Stream.concat(versions, markers)
                .filter(version -> version.key().startsWith(prefix))
                .sorted(ORDER)
                .toList();
        return Boolean.TRUE.equals(page.isTruncated()) && page.nextKeyMarker() != null
                ? begun(
                        all,
                        new ListPlace(page.nextKeyMarker(), Objects.requireNonNullElse(page.nextVersionIdMarker(), "")))
                : new Page(all, Optional.empty());
    }

    /**
     * A page that ends with the last version of a key, if there is more than one key on it: so that the next one begins
     * after a key, and not after a version that may be removed meanwhile.
     */
    private static Page begun(List<ObjectVersion> versions, ListPlace next) {
        String last =
                versions.isEmpty() ? "" : versions.get(versions.size() - 1).key();
        List<ObjectVersion> whole =
                versions.stream().filter(version -> !version.key().equals(last)).toList();
        return whole.isEmpty()
                ? new Page(versions, Optional.of(next))
                : new Page(
                        whole,
                        Optional.of(new ListPlace(whole.get(whole.size() - 1).key(), "")));
    }

    private ListObjectVersionsResponse call(String prefix, ListObjectVersionsRequest request) {
        try {
            return s3.call(prefix, client -> client.listObjectVersions(request));
        } catch (StoreException e) {
            throw S3Errors.isNotImplemented(e)
                    ? new StoreAccessException(e.store(), prefix, "this store keeps no versions of objects", e)
                    : e;
        }
    }

    @Override
    public InputStream get(ObjectVersion version) {
        return s3.call(
                version.key(),
                client -> client.getObject(
                        request -> request.bucket(bucket).key(version.key()).versionId(version.id())));
    }

    @Override
    public void removeMarker(ObjectVersion marker) {
        if (!marker.isDeleteMarker()) {
            throw new IllegalArgumentException("not a delete marker: version " + marker.id() + " of " + marker.key());
        }
        var unused = s3.call(
                marker.key(),
                client -> client.deleteObject(
                        request -> request.bucket(bucket).key(marker.key()).versionId(marker.id())));
    }
}

package io.stepvault.storage.s3;

import io.stepvault.storage.object.ListPlace;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.UnfinishedUpload;
import io.stepvault.storage.object.UnfinishedUploads;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListPartsRequest;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.Part;

/** Multipart uploads of a bucket. None is ours: steps are put whole. Safe for any thread. */
final class S3Uploads implements UnfinishedUploads {
    private final String bucket;
    private final S3Calls s3;

    S3Uploads(String bucket, S3Calls s3) {
        this.bucket = bucket;
        this.s3 = s3;
    }

    @Override
    public Page list(String prefix, Optional<ListPlace> from) {
        ListMultipartUploadsRequest.Builder request =
                ListMultipartUploadsRequest.builder().bucket(bucket).prefix(prefix);
        from.ifPresent(place -> request.keyMarker(place.key()).uploadIdMarker(place.id()));
        ListMultipartUploadsResponse page;
        try {
            page = s3.call(prefix, client -> client.listMultipartUploads(request.build()));
        } catch (StoreException e) {
            if (S3Errors.isNotImplemented(e)) {
                return new Page(List.of(), Optional.empty());
            }
            throw e;
        }
        return new Page(
                page.uploads().stream()
                        // Not all stores heed the prefix.
                        .filter(upload -> upload.key().startsWith(prefix))
                        .map(upload -> new UnfinishedUpload(upload.key(), upload.uploadId(), upload.initiated()))
                        .toList(),
                Boolean.TRUE.equals(page.isTruncated()) && page.nextKeyMarker() != null
                        ? Optional.of(new ListPlace(
                                page.nextKeyMarker(),
                                page.nextUploadIdMarker() == null ? "" : page.nextUploadIdMarker()))
                        : Optional.empty());
    }

    @Override
    public long bytes(UnfinishedUpload upload) {
        ListPartsRequest.Builder request =
                ListPartsRequest.builder().bucket(bucket).key(upload.key()).uploadId(upload.id());
        long bytes = 0;
        try {
            ListPartsResponse page;
            do {
                page = s3.call(upload.key(), client -> client.listParts(request.build()));
                bytes += page.parts().stream().mapToLong(Part::size).sum();
                request.partNumberMarker(page.nextPartNumberMarker());
            } while (Boolean.TRUE.equals(page.isTruncated()));
        } catch (ObjectNotFoundException e) {
            return 0;
        }
        return bytes;
    }

    @Override
    public void abort(UnfinishedUpload upload) {
        try {
            s3.call(
                    upload.key(),
                    client -> client.abortMultipartUpload(
                            request -> request.bucket(bucket).key(upload.key()).uploadId(upload.id())));
        } catch (ObjectNotFoundException e) {
            // Finished or given up by somebody else.
        }
    }
}

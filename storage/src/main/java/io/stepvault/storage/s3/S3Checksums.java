package io.stepvault.storage.s3;

import io.stepvault.storage.object.ObjectChecksums;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** The checksums that S3 tells with a HEAD. Compatible stores may tell none. Safe for any thread. */
final class S3Checksums implements ObjectChecksums {
    private final String bucket;
    private final S3Calls calls;

    S3Checksums(String bucket, S3Calls calls) {
        this.bucket = bucket;
        this.calls = calls;
    }

    @Override
    public OptionalInt crc32(String key) {
        HeadObjectResponse head = calls.call(
                key,
                client -> client.headObject(
                        request -> request.bucket(bucket).key(key).checksumMode(ChecksumMode.ENABLED)));
        // One of an upload in parts is made of the parts' checksums: somebody has copied the object.
        return head.checksumType() == ChecksumType.COMPOSITE ? OptionalInt.empty() : read(head.checksumCRC32());
    }

    /** As S3 writes it: Base64 of the four bytes, the highest first. */
    static OptionalInt read(@Nullable String base64) {
        if (base64 == null) {
            return OptionalInt.empty();
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            return bytes.length == Integer.BYTES
                    ? OptionalInt.of(ByteBuffer.wrap(bytes).getInt())
                    : OptionalInt.empty();
        } catch (IllegalArgumentException e) {
            return OptionalInt.empty(); // "abcd==-3": of an upload in parts, from a store that does not say so
        }
    }
}

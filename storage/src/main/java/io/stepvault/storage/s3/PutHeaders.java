package io.stepvault.storage.s3;

import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.s3.sign.SigV4;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.SortedMap;
import java.util.zip.CRC32;

/** What a put says of its object, in headers. Pure. */
final class PutHeaders {
    private static final String HASH_OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private PutHeaders() {}

    /**
     * The headers of a put, signed.
     *
     * <p>Over plain HTTP the body is signed too, so that nobody on the way can change it; by the hash that the caller has,
     * if it has one, for then it costs nothing. Over TLS, which sees to that, no body is read for it.
     */
    static SortedMap<String, String> ofPut(
            PutRequest request, String path, S3Location.Checksums checksums, Signing signing) {
        SortedMap<String, String> headers = signing.headers();
        headers.put("content-type", request.contentType());
        request.contentEncoding().ifPresent(encoding -> headers.put("content-encoding", encoding));
        request.metadata().forEach((name, value) -> headers.put("x-amz-meta-" + name.toLowerCase(Locale.ROOT), value));
        if (checksums == S3Location.Checksums.WHEN_SUPPORTED) {
            headers.put("x-amz-checksum-crc32", crc32(request.body()));
        }
        headers.put(
                "x-amz-content-sha256",
                request.sha256()
                        .orElseGet(
                                () -> signing.endpoint().isSecure() ? SigV4.UNSIGNED_PAYLOAD : sha256(request.body())));
        return signing.signed("PUT", path, headers);
    }

    /** The headers of a look-up, signed. */
    static SortedMap<String, String> ofHead(String path, Signing signing) {
        SortedMap<String, String> headers = signing.headers();
        headers.put("x-amz-content-sha256", HASH_OF_NOTHING);
        return signing.signed("HEAD", path, headers);
    }

    /** As S3 writes it: Base64 of the four bytes, the highest first. */
    static String crc32(ByteBuffer body) {
        CRC32 crc = new CRC32();
        crc.update(body);
        byte[] bytes =
                ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String sha256(ByteBuffer body) {
        if (!body.hasRemaining()) {
            return HASH_OF_NOTHING;
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(body);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

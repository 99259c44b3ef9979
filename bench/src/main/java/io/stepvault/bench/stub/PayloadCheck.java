package io.stepvault.bench.stub;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Compares a body with the checksums that came with it: {@code x-amz-checksum-crc32} as a header or a trailer, {@code
 * Content-MD5}, and the SHA-256 that is signed. What comes in pieces ({@code aws-chunked}) is put together first; the
 * signatures of its pieces are not checked. Used by one thread for one body.
 */
final class PayloadCheck implements RequestReader.Body {
    private static final String CRC32 = "x-amz-checksum-crc32";

    private final RequestHead request;
    private final Optional<AwsChunks> chunks;
    private final CRC32 crc32 = new CRC32();
    private final @Nullable MessageDigest md5;
    private final @Nullable MessageDigest sha256;
    private long length;

    PayloadCheck(RequestHead request) {
        this.request = request;
        String signed = request.headers().getOrDefault("x-amz-content-sha256", "");
        this.chunks = signed.startsWith("STREAMING-") ? Optional.of(new AwsChunks(this::add)) : Optional.empty();
        this.md5 = request.header("content-md5") == null ? null : digest("MD5");
        this.sha256 = signed.matches("[0-9a-f]{64}") ? digest("SHA-256") : null;
    }

    @Override
    public void take(byte[] bytes, int offset, int count) {
        if (chunks.isPresent()) {
            chunks.get().take(bytes, offset, count);
        } else {
            add(bytes, offset, count);
        }
    }

    private void add(byte[] bytes, int offset, int count) {
        length += count;
        crc32.update(bytes, offset, count);
        if (md5 != null) {
            md5.update(bytes, offset, count);
        }
        if (sha256 != null) {
            sha256.update(bytes, offset, count);
        }
    }

    /** Whether there was anything to compare with. */
    boolean isChecked() {
        return md5 != null || sha256 != null || announcedCrc32() != null;
    }

    /** What is wrong with the body; empty if nothing is. Called once, after the last piece. */
    Optional<String> mistake() {
        String crc = announcedCrc32();
        if (chunks.isPresent() && !chunks.get().isComplete()) {
            return Optional.of("no whole body in pieces");
        } else if (length != request.payloadLength()) {
            return Optional.of(length + " bytes instead of " + request.payloadLength());
        } else if (crc != null && !crc.equals(base64Crc32())) {
            return Optional.of("another CRC32 than announced");
        } else if (md5 != null
                && !Base64.getEncoder().encodeToString(md5.digest()).equals(request.header("content-md5"))) {
            return Optional.of("another MD5 than announced");
        } else if (sha256 != null
                && !HexFormat.of().formatHex(sha256.digest()).equals(request.header("x-amz-content-sha256"))) {
            return Optional.of("another SHA-256 than signed");
        }
        return Optional.empty();
    }

    private @Nullable String announcedCrc32() {
        String header = request.header(CRC32);
        return header != null
                ? header
                : chunks.map(AwsChunks::trailers).orElse(Map.of()).get(CRC32);
    }

    private String base64Crc32() {
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(Integer.BYTES)
                        .putInt((int) crc32.getValue())
                        .array());
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + algorithm, e);
        }
    }
}

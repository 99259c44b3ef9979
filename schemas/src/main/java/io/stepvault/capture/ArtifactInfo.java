package io.stepvault.capture;

import io.stepvault.event.Artifact;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What is known of an artifact without its bytes.
 *
 * <p>Immutable; safe for any thread.
 *
 * @param contentType media type as published
 * @param size length in bytes, as captured
 * @param sha256 SHA-256 of the bytes as captured, 64 lower-case hex digits
 */
public record ArtifactInfo(String contentType, long size, String sha256) {

    /** Measures and hashes an artifact. Its buffer is not moved. */
    public static ArtifactInfo of(Artifact artifact) {
        ByteBuffer data = artifact.getData();
        return new ArtifactInfo(artifact.getContentType(), data.remaining(), sha256(data));
    }

    static String sha256(ByteBuffer data) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        digest.update(data.duplicate());
        return HexFormat.of().formatHex(digest.digest());
    }
}

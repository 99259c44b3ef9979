package io.stepvault.worker.audit;

import io.stepvault.event.Artifact;
import io.stepvault.storage.StoreInspection;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * What a store must hold of an artifact. Immutable.
 *
 * @param objectName its name in plain form, such as {@code page.html}; see {@link StoreInspection#objectName}
 * @param size in bytes, as captured
 * @param sha256 of the bytes as captured, 64 lower-case hex digits
 * @param crc32 of the bytes as captured
 */
public record AuditedArtifact(String objectName, long size, String sha256, int crc32) {
    static AuditedArtifact of(String artifactName, Artifact artifact, String sha256) {
        ByteBuffer data = artifact.getData();
        CRC32 crc32 = new CRC32();
        crc32.update(data.duplicate());
        return new AuditedArtifact(
                StoreInspection.objectName(artifactName, artifact.getContentType()), data.remaining(), sha256, (int)
                        crc32.getValue());
    }
}

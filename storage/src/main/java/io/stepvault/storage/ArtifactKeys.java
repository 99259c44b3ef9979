package io.stepvault.storage;

import java.util.List;

/**
 * Where an artifact may be: as it is, or compressed. There are both if it was stored by writers of either kind.
 *
 * @param plain the key of its bytes as they are
 * @param gzip the key of its compressed form
 */
record ArtifactKeys(String plain, String gzip) {
    String of(Compression form) {
        return form == Compression.GZIP ? gzip : plain;
    }

    List<String> both() {
        return List.of(plain, gzip);
    }
}

package io.stepvault.storage;

import io.stepvault.storage.object.ObjectRefusedException;
import java.net.URI;
import java.util.function.Function;

/**
 * Makes objects of captures.
 *
 * @param layout which keys they have
 * @param compression in which form artifacts are written
 * @param uriOf where a key is
 */
record Preparation(ObjectsLayout layout, Compression compression, Function<String, URI> uriOf) {
    /** The same for what is only to be removed, in whatever form it was written. */
    Preparation forRemoval() {
        return new Preparation(layout, Compression.NONE, uriOf);
    }

    /**
     * Hashes a capture, lays it out, and compresses what is to be compressed.
     *
     * @throws ObjectRefusedException if it can never be stored
     */
    PreparedStep of(StepToStore step) {
        try {
            return PreparedStep.of(step, this);
        } catch (RuntimeException e) {
            // Whatever breaks on a capture's content breaks again: it is about this capture, not about the store.
            throw new ObjectRefusedException(
                    uriOf.apply("").toString(), "", "the capture cannot be laid out as objects: " + e.getMessage(), e);
        }
    }
}

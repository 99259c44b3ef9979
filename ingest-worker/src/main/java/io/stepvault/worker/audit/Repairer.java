package io.stepvault.worker.audit;

import java.util.Iterator;

/** Stores captures that are missing, from the topic. */
@FunctionalInterface
public interface Repairer {
    /**
     * Reads captures from the topic again and stores them; returns when the fate of all is known. What could not be stored
     * is told by the audit, which looks at all of them once more.
     *
     * @param captures by partition, then first offset
     */
    void repair(Iterator<MissingCapture> captures);
}

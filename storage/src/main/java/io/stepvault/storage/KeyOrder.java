package io.stepvault.storage;

import io.stepvault.capture.IdCodec;
import java.util.Comparator;

/** The order in which stores list what ids name: that of the keys' bytes. */
public final class KeyOrder {
    /**
     * Ids that are directories: by encoded id with a slash behind it. So {@code a-b} comes before {@code a}, as the slash
     * comes after the dash.
     */
    public static final Comparator<String> OF_IDS = Comparator.comparing(id -> IdCodec.encode(id) + "/");

    /** All revisions of a session's steps: by step id, then the oldest first. */
    public static final Comparator<StepEntry> OF_REVISIONS =
            Comparator.comparing(StepEntry::stepId, OF_IDS).thenComparing(StepEntry::revision);

    private KeyOrder() {}
}

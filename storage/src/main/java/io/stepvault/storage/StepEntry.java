package io.stepvault.storage;

import io.stepvault.capture.IdCodec;
import io.stepvault.capture.Revision;
import java.util.Comparator;

/**
 * A step and one of its revisions. The order is that of {@link StepStore#steps}: by capture time, then by content hash, then by encoded
 * step id.
 */
public record StepEntry(String sessionId, String stepId, Revision revision) implements Comparable<StepEntry> {
    private static final Comparator<StepEntry> ORDER =
            Comparator.comparing(StepEntry::revision).thenComparing(entry -> IdCodec.encode(entry.stepId()));

    /** By place within one session. */
    @Override
    public int compareTo(StepEntry other) {
        return ORDER.compare(this, other);
    }
}

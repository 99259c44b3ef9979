package io.stepvault.worker.simulation;

import io.stepvault.capture.CommitRecord;
import io.stepvault.capture.Revision;
import io.stepvault.event.StepCapture;
import java.util.List;

/** What lies at an offset of the topic, and what has become of it. */
final class Source {
    /** What it is. */
    enum Kind {
        /** A capture, or the chunks of one. */
        CAPTURE,
        /** No capture. */
        POISON,
        /** A chunk of a set that is not whole yet. */
        PART,
        /** A chunk of a set that will never be whole. */
        ABANDONED
    }

    final Kind kind;
    final List<Long> offsets;
    private final StepCapture capture;
    private final Revision revision;
    int completed;
    int lettered;
    /** How often it may be completed, or dead-lettered: more than once if somebody has changed what was committed. */
    int mayBeTold = 1;
    /** Retention has removed it, or a part of it, before it was settled. */
    boolean removed;
    /** The group had committed something by then, by which to tell that it is missing. */
    boolean isLossKnown;
    /** It was removed, but somebody has it: the store, or a disk. */
    boolean kept;

    private Source(Kind kind, List<Long> offsets, StepCapture capture, Revision revision) {
        this.kind = kind;
        this.offsets = List.copyOf(offsets);
        this.capture = capture;
        this.revision = revision;
    }

    static Source capture(List<Long> offsets, StepCapture capture) {
        return new Source(
                Kind.CAPTURE, offsets, capture, CommitRecord.of(capture).revision());
    }

    @SuppressWarnings("NullAway") // only captures have one, and only they are asked
    static Source other(Kind kind, long offset) {
        return new Source(kind, List.of(offset), null, null);
    }

    long last() {
        return offsets.get(offsets.size() - 1);
    }

    StepCapture capture() {
        return capture;
    }

    Revision revision() {
        return revision;
    }

    boolean isRefused() {
        return kind == Kind.CAPTURE && capture.getStepId().contains(SimulatedStore.REFUSED);
    }

    String id() {
        return id(capture.getSessionId(), capture.getStepId(), revision.toString());
    }

    static String id(String session, String step, String revision) {
        return session + "/" + step + "/" + revision;
    }

    @Override
    public String toString() {
        return kind == Kind.CAPTURE ? id() + " at " + offsets : kind + " at " + offsets;
    }
}

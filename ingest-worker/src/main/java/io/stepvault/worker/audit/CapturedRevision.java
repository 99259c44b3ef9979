package io.stepvault.worker.audit;

import java.util.List;

/**
 * A capture and all places of the range where it lies: delivered again, or redriven, it may lie there many times.
 *
 * @param capture the one that comes last by partition and offset
 * @param places the last of its places, at most {@link CaptureGroups#MAX_PLACES}
 * @param count how many places there are
 */
record CapturedRevision(AuditedCapture capture, List<CapturePlace> places, long count) {
    CapturedRevision {
        places = List.copyOf(places);
    }

    RevisionName name() {
        return capture.name();
    }
}

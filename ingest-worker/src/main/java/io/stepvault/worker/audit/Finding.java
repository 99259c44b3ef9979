package io.stepvault.worker.audit;

import java.util.Optional;

/**
 * One thing that an audit has found, but for what is stored and equal.
 *
 * @param code of the {@link Outcome} or the {@link StoreFinding}
 * @param problem whether somebody has to see to it
 * @param name the revision that it is about; empty for records that are no captures, and for stray objects
 * @param place where the capture lies on the topic; empty for what only the store has
 * @param detail for people; may be empty
 */
public record Finding(
        String code, boolean problem, Optional<RevisionName> name, Optional<CapturePlace> place, String detail) {
    static Finding of(Outcome outcome, AuditedCapture capture, String detail) {
        return new Finding(
                outcome.code(), outcome.isProblem(), Optional.of(capture.name()), Optional.of(capture.place()), detail);
    }

    static Finding of(Outcome outcome, CapturePlace place, String detail) {
        return new Finding(outcome.code(), outcome.isProblem(), Optional.empty(), Optional.of(place), detail);
    }

    static Finding of(StoreFinding finding, RevisionName name, String detail) {
        return new Finding(finding.code(), false, Optional.of(name), Optional.empty(), detail);
    }

    static Finding stray(String detail) {
        return new Finding(StoreFinding.STRAY_OBJECT.code(), false, Optional.empty(), Optional.empty(), detail);
    }
}

package io.stepvault.worker.audit;

import io.stepvault.worker.audit.Difference.Kind;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says what is the matter with a capture that is not stored as it should be. For one thread. */
final class Judgement {
    private final AuditTally tally;
    private final Whereabouts whereabouts;
    private final Optional<Repair> repair;

    /**
     * A judgement.
     *
     * @param repair is given what is missing, to be judged once more by another one; empty: it counts as missing
     */
    Judgement(AuditTally tally, Whereabouts whereabouts, Optional<Repair> repair) {
        this.tally = tally;
        this.whereabouts = whereabouts;
        this.repair = repair;
    }

    void notThere(AuditedCapture capture, CheckResult.NotThere result) {
        Optional<Outcome> reason = whereabouts.reason(capture);
        if (reason.isPresent()) {
            tally.found(reason.get(), capture, "");
        } else if (repair.isPresent()) {
            repair.get().add(capture);
        } else {
            tally.found(
                    Outcome.MISSING, capture, result.hasArtifacts() ? "its artifacts are there without step.json" : "");
        }
    }

    /** What is altered is not repaired: nothing that is stored is overwritten. */
    void differs(AuditedCapture capture, CheckResult.Differs result) {
        boolean onlyGone =
                result.differences().stream().allMatch(difference -> difference.kind() == Kind.ARTIFACT_MISSING);
        if (onlyGone && repair.isPresent()) {
            repair.get().add(capture);
        } else {
            tally.found(
                    Outcome.DIFFERING,
                    capture,
                    result.differences().stream().map(Difference::toString).collect(Collectors.joining("; ")));
        }
    }
}

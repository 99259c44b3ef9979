package io.stepvault.worker.audit;

import io.stepvault.worker.audit.AuditReport.Looked;
import java.util.List;

/** What a check of one revision has found. */
sealed interface CheckResult {
    /** All is there and equal, as far as was looked. */
    record Equal(Looked looked) implements CheckResult {}

    /** It has no commit record, so that it does not exist for readers. */
    record NotThere(boolean hasArtifacts) implements CheckResult {}

    /** It is there and not as it should be. */
    record Differs(List<Difference> differences) implements CheckResult {
        public Differs {
            differences = List.copyOf(differences);
        }
    }
}

package io.stepvault.worker.audit;

import io.stepvault.capture.Revision;
import io.stepvault.storage.LifecyclePolicy;
import io.stepvault.storage.StoreInspection;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * Says why a capture is not stored, if there is a reason for it. Sessions and steps are asked for once while the questions
 * are about them. For one thread.
 */
final class Whereabouts {
    private final StoreInspection store;
    private final LifecyclePolicy policy;
    private final DiskQueues diskQueues;
    private final Clock clock;
    private String session = "";
    private boolean deleted;
    private String step = "";
    private List<Revision> lastRevisions = List.of();

    Whereabouts(StoreInspection store, LifecyclePolicy policy, DiskQueues diskQueues, Clock clock) {
        this.store = store;
        this.policy = policy;
        this.diskQueues = diskQueues;
        this.clock = clock;
    }

    /** Whether the policy removes it for its age. Asks nobody. Another capture of its session may still hold it. */
    boolean isExpired(AuditedCapture capture) {
        return !capture.held()
                && policy.firstKeptDay(clock.instant())
                        .map(first -> dayOf(capture).isBefore(first))
                        .orElse(false);
    }

    /**
     * Why it is not stored; empty if nothing says why.
     *
     * @throws io.stepvault.storage.object.StoreException if the store fails
     */
    Optional<Outcome> reason(AuditedCapture capture) {
        if (isDeleted(capture.name().sessionId())) {
            return Optional.of(Outcome.SESSION_DELETED);
        }
        if (diskQueues.holds(capture.name())) {
            return Optional.of(Outcome.ON_DISK_QUEUE);
        }
        return isPruned(capture) ? Optional.of(Outcome.PRUNED) : Optional.empty();
    }

    private boolean isDeleted(String sessionId) {
        if (!session.equals(sessionId)) {
            deleted = store.isDeleted(sessionId);
            session = sessionId;
            step = "";
        }
        return deleted;
    }

    /** Whether as many later revisions are stored as the policy keeps. Nothing is pruned that is too young for it. */
    private boolean isPruned(AuditedCapture capture) {
        if (policy.keepRevisions().isEmpty() || capture.held() || !isOld(capture)) {
            return false;
        }
        int kept = policy.keepRevisions().getAsInt();
        if (!step.equals(capture.name().stepId())) {
            lastRevisions = store.lastRevisions(
                    capture.name().sessionId(), capture.name().stepId(), kept);
            step = capture.name().stepId();
        }
        return lastRevisions.size() == kept
                && lastRevisions.get(0).compareTo(capture.name().revision()) > 0;
    }

    private boolean isOld(AuditedCapture capture) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        return dayOf(capture).isBefore(today.minusDays(LifecyclePolicy.MIN_DAYS));
    }

    private static LocalDate dayOf(AuditedCapture capture) {
        return LocalDate.ofInstant(capture.name().revision().capturedAt(), ZoneOffset.UTC);
    }
}

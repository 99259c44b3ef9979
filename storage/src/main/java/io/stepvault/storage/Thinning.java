package io.stepvault.storage;

import io.stepvault.storage.ObjectsLayout.RevisionPlace;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;

/** Revisions of a step that are too many. For one thread. */
final class Thinning {
    private final RemovalRun run;
    private final int revisions;
    private final Predicate<SessionEntry> goneAlready;
    private final LocalDate young;
    private final Deque<RevisionObjects> last = new ArrayDeque<>();
    private String leftAlone = "";

    /**
     * Of all but the last {@code revisions} of each step.
     *
     * @param goneAlready what is not there any more, though it is seen: in a dry run
     */
    Thinning(RemovalRun run, int revisions, Predicate<SessionEntry> goneAlready) {
        this.run = run;
        this.revisions = revisions;
        this.goneAlready = goneAlready;
        this.young = RemovalMarks.firstYoungDay(run.clock());
    }

    void removeAll() {
        RevisionObjects.forEach(run.sweep(), run.layout(), run.layout().sessions(), revision -> {
            if (!last.isEmpty() && !isOfSameStep(last.getLast().place(), revision.place())) {
                last.clear();
            }
            if (revision.isCommitted(run.layout())) {
                last.addLast(revision);
                if (last.size() > revisions) {
                    RevisionObjects tooMany = last.removeFirst();
                    if (tooMany.capturedOn().isBefore(young) && !goneAlready.test(tooMany.day())) {
                        remove(tooMany);
                    }
                }
            }
        });
    }

    private void remove(RevisionObjects tooMany) {
        String session = tooMany.place().sessionId();
        if (session.equals(leftAlone)) {
            return;
        }
        if (run.begin(tooMany.day())) {
            run.removeIf(tooMany, any -> true);
        } else {
            leftAlone = session;
            run.sweep().leaveHeld(session, run.heldBecause(session).orElseThrow());
        }
    }

    private static boolean isOfSameStep(RevisionPlace one, RevisionPlace other) {
        return one.sessionId().equals(other.sessionId()) && one.stepId().equals(other.stepId());
    }
}

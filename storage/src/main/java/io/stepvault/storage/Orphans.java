package io.stepvault.storage;

import java.time.Instant;
import java.time.LocalDate;
import java.util.function.Predicate;

/**
 * Artifacts without a commit record that nobody writes any more. No label can hold them: labels are in commit records.
 * For one thread.
 */
final class Orphans {
    private final RemovalRun run;
    private final Instant writtenBefore;
    private final Predicate<SessionEntry> goneAlready;
    private final LocalDate young;

    /**
     * Of those of which nothing was written since {@code writtenBefore}.
     *
     * @param goneAlready what is not there any more, though it is seen: in a dry run
     */
    Orphans(RemovalRun run, Instant writtenBefore, Predicate<SessionEntry> goneAlready) {
        this.run = run;
        this.writtenBefore = writtenBefore;
        this.goneAlready = goneAlready;
        this.young = RemovalMarks.firstYoungDay(run.clock());
    }

    void removeAll() {
        RevisionObjects.forEach(run.sweep(), run.layout(), run.layout().sessions(), revision -> {
            if (isOrphan(revision) && !goneAlready.test(revision.day())) {
                run.removeIf(revision, this::isOrphan);
            }
        });
    }

    private boolean isOrphan(RevisionObjects revision) {
        return !revision.isCommitted(run.layout())
                && revision.capturedOn().isBefore(young)
                && revision.objects().stream()
                        .allMatch(object -> object.lastModified().isBefore(writtenBefore));
    }
}

package io.stepvault.storage;

import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.TransientStoreException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Sees to it that steps which were captured long ago are whole although somebody may be removing old steps at this
 * time. Nobody removes younger ones: see {@link RemovalMarks#removable}. Safe for any thread.
 *
 * <p>Between its first artifact and its commit record, a step of a writer looks to a {@link SessionLifecycle} like what
 * an earlier writer left behind, and a revision that is stored again looks like the one that expires. No conditional
 * request can be relied on to tell. So the two agree as follows. Whoever removes first puts a mark, then looks again
 * what there is, and takes the mark away only when the last of its deletions has been answered. A writer looks for the
 * mark after the commit record. Whichever of the two came later sees the other: either the remover saw the commit
 * record, and knows what it removes; or the writer sees the mark, and the step is tried again later; or the mark is gone
 * already, and so is all that the remover ever deletes, and the writer looks what is missing and writes it again.
 */
final class OldSteps {
    private static final Duration OLD = Duration.ofDays(1);
    private static final int REPAIRS = 3;

    private final WriterCalls calls;
    private final ObjectsLayout layout;
    private final Clock clock;
    private final String store;
    private final Function<PreparedStep, CompletableFuture<Void>> writer;

    /**
     * Looks after steps by {@code calls}.
     *
     * @param store for messages
     * @param writer writes the artifacts of a step and then its commit record
     */
    OldSteps(
            WriterCalls calls,
            ObjectsLayout layout,
            Clock clock,
            String store,
            Function<PreparedStep, CompletableFuture<Void>> writer) {
        this.calls = calls;
        this.layout = layout;
        this.clock = clock;
        this.store = store;
        this.writer = writer;
    }

    /** Whether a step that is committed by now was captured so long ago that somebody might be removing it. */
    boolean isOld(PreparedStep step) {
        return step.outcome().record().capturedAt().isBefore(clock.instant().minus(OLD));
    }

    /** Completes once nobody is removing steps of the day and session of {@code step}; fails if somebody is. */
    CompletableFuture<Void> awaitNoRemoval(PreparedStep step) {
        String prefix = layout.removals(step.day(), step.sessionId());
        return calls.list(prefix).thenAccept(marks -> {
            if (marks.stream().anyMatch(mark -> !RemovalMarks.isAbandoned(mark, clock.instant()))) {
                throw new TransientStoreException(
                        store, prefix, "old steps of this day and session are being removed; store it later", null);
            }
        });
    }

    /** Writes again what is gone of a committed step, after {@link #awaitNoRemoval}. */
    CompletableFuture<Void> makeWhole(PreparedStep step) {
        return makeWhole(step, REPAIRS);
    }

    private CompletableFuture<Void> makeWhole(PreparedStep step, int repairs) {
        return calls.list(layout.revision(
                        step.sessionId(), step.stepId(), step.outcome().revision()))
                .thenCompose(objects -> {
                    if (isWhole(step, objects)) {
                        return CompletableFuture.completedFuture(null);
                    }
                    if (repairs == 0) {
                        return CompletableFuture.failedFuture(new TransientStoreException(
                                store, step.commit().key(), "removed again and again; store it later", null));
                    }
                    return writer.apply(step)
                            .thenCompose(written -> awaitNoRemoval(step))
                            .thenCompose(nobody -> makeWhole(step, repairs - 1));
                });
    }

    private static boolean isWhole(PreparedStep step, List<ObjectInfo> objects) {
        Set<String> there = new HashSet<>();
        objects.forEach(object -> there.add(object.key()));
        return step.isWhole(there);
    }
}

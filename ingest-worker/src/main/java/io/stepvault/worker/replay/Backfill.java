package io.stepvault.worker.replay;

import io.stepvault.capture.ArtifactName;
import io.stepvault.capture.CommitRecord;
import io.stepvault.capture.Revision;
import io.stepvault.event.Artifact;
import io.stepvault.storage.LifecyclePolicy;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StepToStore;
import io.stepvault.storage.StoreOutcome;
import io.stepvault.storage.StoredStep;
import io.stepvault.storage.object.ObjectRefusedException;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.worker.flow.Provenance;
import io.stepvault.worker.store.StepWriter;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/**
 * Stores what a store lacks of the captures that it is given, and sends nothing of what it has. What the store's policy
 * would remove at once, and what belongs to a deleted session, is passed over.
 *
 * <p>Safe for any thread.
 */
public final class Backfill implements StepWriter {
    /** Some 20 MB. */
    private static final int MAX_REMEMBERED_REVISIONS = 100_000;

    private final StepStore store;
    private final StoredSessions stored;
    private final Supplier<LifecyclePolicy> policy;
    private final Options options;
    private final Clock clock;
    private final Executor executor;
    private final ReplayTally tally;

    /**
     * What it does.
     *
     * @param dryRun nothing is written; what would be counts as stored
     * @param resurrect the policy is not asked
     * @param tellsPlaces whether it is told of what was there already where its artifacts are: that is a request for each
     */
    public record Options(boolean dryRun, boolean resurrect, boolean tellsPlaces) {}

    /** A capture that the store may lack. */
    private record Candidate(
            int index, StepToStore step, CommitRecord record, Revision revision, StoredSession session) {
        String stepId() {
            return record.stepId();
        }
    }

    /**
     * Fills {@code store}.
     *
     * @param policy the store's, when it is asked for; may ask the store
     * @param executor hashes captures and asks the store; its tasks block
     */
    public Backfill(
            StepStore store,
            Supplier<LifecyclePolicy> policy,
            Options options,
            Clock clock,
            Executor executor,
            ReplayTally tally) {
        this.store = store;
        this.stored = new StoredSessions(store, MAX_REMEMBERED_REVISIONS);
        this.policy = policy;
        this.options = options;
        this.clock = clock;
        this.executor = executor;
        this.tally = tally;
    }

    @Override
    public CompletableFuture<List<StoreOutcome>> store(List<StepToStore> steps) {
        try {
            return CompletableFuture.supplyAsync(() -> new Work(steps), executor)
                    .thenCompose(Work::storeMissing)
                    .exceptionally(failure -> allFailed(steps, failure));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(allFailed(steps, e));
        }
    }

    private List<StoreOutcome> allFailed(List<StepToStore> steps, Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        StoreException classified = cause instanceof StoreException known
                ? known
                : new TransientStoreException(
                        store.location().toString(), "", "unexpected failure (" + cause + "); please report it", cause);
        return Collections.nCopies(steps.size(), new StoreOutcome.Failed(classified));
    }

    /** A dry run must not even try whether it may write. */
    @Override
    public CompletableFuture<Optional<StoreException>> probe() {
        return options.dryRun() ? CompletableFuture.completedFuture(Optional.empty()) : store.probe();
    }

    /** One batch. Made on the executor: what is to be stored of it is known then. */
    private final class Work {
        private final StoreOutcome[] outcomes;
        private final List<Candidate> missing = new ArrayList<>();

        Work(List<StepToStore> steps) {
            this.outcomes = new StoreOutcome[steps.size()];
            for (int i = 0; i < steps.size(); i++) {
                look(i, steps.get(i));
            }
            leaveSuperseded();
        }

        private void look(int index, StepToStore step) {
            CommitRecord record;
            Revision revision;
            try {
                record = CommitRecord.of(step.capture());
                revision = record.revision();
            } catch (RuntimeException e) {
                // As in the store itself: what breaks on a capture's content breaks again.
                outcomes[index] = new StoreOutcome.Failed(new ObjectRefusedException(
                        store.location().toString(), "", "the capture cannot be hashed: " + e.getMessage(), e));
                return;
            }
            Optional<StoredSession> session = stored.of(record.sessionId(), record.stepId());
            if (session.isEmpty()) {
                outcomes[index] = new StoreOutcome.SessionDeleted();
                came(step, Outcome.SESSION_DELETED);
                return;
            }
            Candidate candidate = new Candidate(index, step, record, revision, session.get());
            if (session.get().has(record.stepId(), revision)) {
                outcomes[index] = new StoreOutcome.Stored(record, revision, places(candidate));
                came(step, Outcome.ALREADY_THERE);
            } else if (isKept(candidate)) {
                session.get().expect(record.stepId(), revision);
                missing.add(candidate);
            }
        }

        /** Whether the policy would keep it by its age. How many revisions of its step there are, is seen at the end. */
        private boolean isKept(Candidate candidate) {
            boolean kept = options.resurrect() || policy.get().wouldKeep(candidate.record, clock.instant());
            if (!kept) {
                leave(candidate, Outcome.EXPIRED, "it would expire at once");
            }
            return kept;
        }

        /** Later revisions may lie in the store, or be on their way there. */
        private void leaveSuperseded() {
            int revisions = options.resurrect()
                    ? Integer.MAX_VALUE
                    : policy.get().keepRevisions().orElse(Integer.MAX_VALUE);
            if (revisions == Integer.MAX_VALUE) {
                return;
            }
            missing.removeIf(candidate -> {
                boolean superseded = candidate.session.laterThan(candidate.stepId(), candidate.revision) >= revisions;
                if (superseded) {
                    candidate.session.expectNoMore(candidate.stepId(), candidate.revision);
                    leave(candidate, Outcome.SUPERSEDED, "there are enough later revisions");
                }
                return superseded;
            });
        }

        private void leave(Candidate candidate, Outcome outcome, String why) {
            outcomes[candidate.index] = new StoreOutcome.NotKept(why);
            came(candidate.step, outcome);
        }

        private SortedMap<String, URI> places(Candidate candidate) {
            return options.tellsPlaces()
                    ? store.load(candidate.record.sessionId(), candidate.stepId(), candidate.revision)
                            .map(StoredStep::artifactUris)
                            .orElseGet(Collections::emptySortedMap)
                    : Collections.emptySortedMap();
        }

        CompletableFuture<List<StoreOutcome>> storeMissing() {
            if (options.dryRun()) {
                missing.forEach(candidate -> note(
                        candidate,
                        new StoreOutcome.Stored(candidate.record, candidate.revision, Collections.emptySortedMap())));
            }
            if (options.dryRun() || missing.isEmpty()) {
                return CompletableFuture.completedFuture(List.of(outcomes));
            }
            return store.storeAsync(missing.stream().map(Candidate::step).toList())
                    .thenApply(answers -> {
                        for (int i = 0; i < answers.size(); i++) {
                            note(missing.get(i), answers.get(i));
                        }
                        return List.of(outcomes);
                    });
        }

        private void note(Candidate candidate, StoreOutcome outcome) {
            outcomes[candidate.index] = outcome;
            candidate.session.expectNoMore(candidate.stepId(), candidate.revision);
            if (outcome instanceof StoreOutcome.Stored) {
                candidate.session.add(candidate.stepId(), candidate.revision);
                partition(candidate.step).ifPresent(partition -> tally.stored(partition, bytes(candidate.step)));
            } else if (outcome instanceof StoreOutcome.SessionDeleted) {
                came(candidate.step, Outcome.SESSION_DELETED);
            }
        }
    }

    private void came(StepToStore step, Outcome outcome) {
        partition(step).ifPresent(partition -> tally.came(partition, outcome));
    }

    private static Optional<TopicPartition> partition(StepToStore step) {
        return Provenance.of(step.provenance()).map(Provenance::partition);
    }

    private static long bytes(StepToStore step) {
        return ArtifactName.artifactsOf(step.capture()).values().stream()
                .map(Artifact::getData)
                .mapToLong(data -> data.remaining())
                .sum();
    }
}

package io.stepvault.worker.audit;

import io.stepvault.storage.StoreInspection;
import io.stepvault.worker.audit.sort.ExternalSort;
import io.stepvault.worker.audit.sort.SortLimits;
import io.stepvault.worker.audit.sort.WorkDirectory;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/**
 * An audit: takes all captures of a range, then compares them with the store. For one thread; used once.
 *
 * <p>The store, the disk queues and the dead letters change meanwhile. They are asked in this order, and what is still
 * missing is looked for in the store once more at the end: so what is on its way from one to the next is found in one of
 * them.
 */
public final class Audit implements AuditInput, AutoCloseable {
    private final StoreInspection store;
    private final DiskQueues diskQueues;
    private final WorkDirectory work;
    private final AuditSettings settings;
    private final Clock clock;
    private final AuditTally tally;
    private final ExternalSort<AuditedCapture> captures;
    private final ExternalSort<Suspect> suspects;
    private final CallThreads threads;

    /**
     * An audit of {@code store}, which stays open.
     *
     * @param work for what does not fit into memory; stays open
     */
    public Audit(
            StoreInspection store,
            DiskQueues diskQueues,
            WorkDirectory work,
            AuditSettings settings,
            AuditListener listener,
            Clock clock) {
        this.store = store;
        this.diskQueues = diskQueues;
        this.work = work;
        this.settings = settings;
        this.clock = clock;
        this.tally = new AuditTally(listener);
        SortLimits limits = settings.bounds().sort();
        this.captures = new ExternalSort<>(work, CaptureForm.INSTANCE, limits);
        this.suspects = new ExternalSort<>(work, Suspect.FORM, limits);
        this.threads = new CallThreads(settings.bounds().readsInFlight());
    }

    @Override
    public void captured(AuditedCapture capture) {
        captures.add(capture);
    }

    @Override
    public void refused(CapturePlace place, String reason) {
        suspects.add(new Suspect.BadRecord(place, reason));
    }

    /**
     * Compares all that was taken in. To be called once.
     *
     * @param letters the dead letters of the topic, asked for after the store
     * @param repairer stores what is missing; empty: nobody does
     * @throws io.stepvault.storage.object.StoreException if the store fails, or the thread is interrupted
     * @throws UnorderedListingException if the store does not list in the order of keys
     * @throws java.io.UncheckedIOException if the work directory is full, or fails
     */
    public AuditReport compare(DeadLetters letters, Optional<Repairer> repairer) {
        ExecutorService executor = threads.executor();
        RevisionCheck check = new RevisionCheck(store, settings.depth());
        Whereabouts whereabouts = new Whereabouts(store, settings.policy(), diskQueues, clock);
        try (Repair repair = new Repair(check, whereabouts, work, settings.bounds(), tally)) {
            Judgement judgement =
                    new Judgement(tally, whereabouts, repairer.isPresent() ? Optional.of(repair) : Optional.empty());
            StoreComparison comparison =
                    new StoreComparison(store, settings, clock, tally, new StoreComparison.Output() {
                        @Override
                        public void missing(CapturedRevision capture) {
                            if (whereabouts.isExpired(capture.capture())) {
                                tally.found(Outcome.EXPIRED, capture.capture(), "");
                            } else {
                                capture.places()
                                        .forEach(place -> suspects.add(new Suspect.Missing(
                                                capture.capture().at(place))));
                            }
                        }

                        @Override
                        public void differing(CapturedRevision capture, CheckResult.Differs result) {
                            judgement.differs(capture.capture(), result);
                        }
                    });
            comparison.run(new CaptureGroups(captures.sorted()), executor);
            captures.close();
            Search search = new Search(check, work, settings.bounds(), tally);
            search.run(suspects, letters, judgement, executor);
            if (repairer.isPresent()) {
                repair.run(repairer.get(), executor);
            }
            return tally.report(work.mostBytes());
        }
    }

    /** Lets go of threads and files. */
    @Override
    public void close() {
        threads.close();
        captures.close();
        suspects.close();
    }
}

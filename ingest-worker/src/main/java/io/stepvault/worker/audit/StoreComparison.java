package io.stepvault.worker.audit;

import io.stepvault.storage.StoreInspection;
import io.stepvault.storage.StoredRevision;
import java.time.Clock;
import java.time.Instant;
import java.util.Iterator;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;

/**
 * The first look at the store: goes through its listing and through the captures, which come in the same order, and checks
 * what is in both. What is not there, or differs, is left to others to judge. For one thread; used once.
 */
final class StoreComparison {
    private final StoreInspection store;
    private final AuditSettings settings;
    private final Clock clock;
    private final AuditTally tally;
    private final Output output;
    private final RevisionCheck check;

    /** Is told what the tally is not. */
    interface Output {
        /** It is not there, and its session has not been deleted. */
        void missing(CapturedRevision capture);

        /** It is there, and not as it should be. */
        void differing(CapturedRevision capture, CheckResult.Differs result);
    }

    private record Checked(CapturedRevision capture, CheckResult result) {}

    StoreComparison(StoreInspection store, AuditSettings settings, Clock clock, AuditTally tally, Output output) {
        this.store = store;
        this.settings = settings;
        this.clock = clock;
        this.tally = tally;
        this.output = output;
        this.check = new RevisionCheck(store, settings.depth());
    }

    /**
     * Compares all.
     *
     * @param captures in the order of their names
     * @throws io.stepvault.storage.object.StoreException if the store fails
     * @throws UnorderedListingException if it does not list in order
     */
    void run(Iterator<CapturedRevision> captures, ExecutorService executor) {
        CallsInOrder<Checked> calls =
                new CallsInOrder<>(executor, 2 * settings.bounds().readsInFlight(), this::checked);
        Matching matching = new Matching(captures, new Matched(calls));
        AuditSettings.Scope scope = settings.scope();
        if (scope.wholeStore()) {
            store.forEach(
                    scope.idPrefix(),
                    stored -> {
                        if (scope.takes().test(stored.sessionId())) {
                            matching.stored(stored);
                        }
                    },
                    stranger -> tally.stray(stranger.key()));
        } else {
            for (var session = matching.nextSession(); session.isPresent(); session = matching.nextSession()) {
                store.forEachOf(session.get(), matching::stored, stranger -> tally.stray(stranger.key()));
                matching.endOf(session.get());
            }
        }
        matching.end();
        calls.finish();
    }

    private void checked(Checked checked) {
        CapturedRevision capture = checked.capture();
        if (checked.result() instanceof CheckResult.Equal equal) {
            tally.stored(capture.capture(), equal.looked());
        } else if (checked.result() instanceof CheckResult.Differs differs) {
            output.differing(capture, differs);
        } else {
            output.missing(capture);
        }
    }

    /** Knows of each session whether it was deleted; they come in order. */
    private final class Matched implements Matching.Output {
        private final CallsInOrder<Checked> calls;
        private final Predicate<String> deletedSessions = store.deletedSessions();
        private final Instant writtenBefore = clock.instant().minus(settings.grace());

        Matched(CallsInOrder<Checked> calls) {
            this.calls = calls;
        }

        @Override
        public void notListed(CapturedRevision capture) {
            tally.compared(capture);
            if (isDeleted(capture)) {
                tally.found(Outcome.SESSION_DELETED, capture.capture(), "");
            } else {
                // In its turn, so that findings come in order.
                calls.submit(() -> new Checked(capture, new CheckResult.NotThere(false)));
            }
        }

        @Override
        public void listed(CapturedRevision capture, StoredRevision stored) {
            tally.compared(capture);
            tally.listed();
            if (isDeleted(capture)) {
                tally.found(Outcome.SESSION_DELETED, capture.capture(), "something of it is left");
                return;
            }
            RevisionComparison.strays(capture.capture(), stored)
                    .forEach(object -> tally.stray(store.key(stored, object)));
            calls.submit(() -> new Checked(capture, check.check(capture.capture(), stored)));
        }

        private boolean isDeleted(CapturedRevision capture) {
            return deletedSessions.test(capture.name().sessionId());
        }

        @Override
        public void notInRange(StoredRevision stored) {
            tally.listed();
            StoreFinding finding;
            if (deletedSessions.test(stored.sessionId())) {
                finding = StoreFinding.OF_DELETED_SESSION;
            } else if (stored.isCommitted()) {
                finding = StoreFinding.NOT_IN_RANGE;
            } else {
                finding = stored.lastModified().isBefore(writtenBefore) ? StoreFinding.ORPHAN : StoreFinding.UNDER_WAY;
            }
            tally.found(finding, RevisionName.of(stored), "");
        }
    }
}

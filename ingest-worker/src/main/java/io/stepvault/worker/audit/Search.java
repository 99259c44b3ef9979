package io.stepvault.worker.audit;

import io.stepvault.worker.audit.sort.ExternalSort;
import io.stepvault.worker.audit.sort.WorkDirectory;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/**
 * Looks for what is not stored: first among the dead letters, then in the store once more, then for a reason. For one
 * thread; used once.
 */
final class Search {
    private final RevisionCheck check;
    private final WorkDirectory work;
    private final AuditSettings.Bounds bounds;
    private final AuditTally tally;

    private record Found(AuditedCapture capture, CheckResult result) {}

    Search(RevisionCheck check, WorkDirectory work, AuditSettings.Bounds bounds, AuditTally tally) {
        this.check = check;
        this.work = work;
        this.bounds = bounds;
        this.tally = tally;
    }

    void run(ExternalSort<Suspect> suspects, DeadLetters letters, Judgement judgement, ExecutorService executor) {
        try (ExternalSort<AnsweredCapture> answered = new ExternalSort<>(work, AnsweredCapture.FORM, bounds.sort())) {
            if (suspects.count() > 0) {
                askForLetters(suspects, letters, answered);
            }
            lookAgain(answered, judgement, executor);
        }
    }

    private void askForLetters(
            ExternalSort<Suspect> suspects, DeadLetters letters, ExternalSort<AnsweredCapture> answered) {
        try (ExternalSort<KnownLetter> sorted = new ExternalSort<>(work, LetterForm.INSTANCE, bounds.sort())) {
            letters.forEach(sorted::add);
            new LetterMatching(sorted.sorted()).forEach(suspects.sorted(), (suspect, letter) -> {
                if (suspect instanceof Suspect.Missing missing) {
                    answered.add(new AnsweredCapture(missing.capture(), letter.map(KnownLetter::reason)));
                } else if (suspect instanceof Suspect.BadRecord bad) {
                    tally.found(
                            letter.isPresent() ? Outcome.DEAD_LETTERED : Outcome.NOT_DEAD_LETTERED,
                            bad.place(),
                            letter.map(KnownLetter::reason).orElse(bad.reason()));
                }
            });
        }
        suspects.close();
    }

    private void lookAgain(ExternalSort<AnsweredCapture> answered, Judgement judgement, ExecutorService executor) {
        CallsInOrder<Found> calls = new CallsInOrder<>(executor, 2 * bounds.readsInFlight(), found -> {
            if (found.result() instanceof CheckResult.Equal equal) {
                tally.stored(found.capture(), equal.looked());
            } else if (found.result() instanceof CheckResult.Differs differs) {
                judgement.differs(found.capture(), differs);
            } else if (found.result() instanceof CheckResult.NotThere notThere) {
                judgement.notThere(found.capture(), notThere);
            }
        });
        Iterator<AnsweredCapture> each = answered.sorted();
        Optional<AnsweredCapture> last = Optional.empty();
        long count = 0;
        while (each.hasNext()) {
            AnsweredCapture next = each.next();
            count++;
            boolean repeat =
                    last.filter(one -> next.capture().isRepeatOf(one.capture())).isPresent();
            if (!repeat) {
                last.ifPresent(one -> look(one, calls));
            }
            last = Optional.of(repeat ? last.orElseThrow().and(next) : next);
            tally.lookedFor(count, answered.count());
        }
        last.ifPresent(one -> look(one, calls));
        calls.finish();
    }

    private void look(AnsweredCapture answered, CallsInOrder<Found> calls) {
        AuditedCapture capture = answered.capture();
        if (answered.reason().isPresent()) {
            tally.found(Outcome.DEAD_LETTERED, capture, answered.reason().get());
        } else {
            calls.submit(() -> new Found(capture, check.check(capture)));
        }
    }
}

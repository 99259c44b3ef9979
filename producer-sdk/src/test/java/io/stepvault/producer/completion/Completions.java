package io.stepvault.producer.completion;

import io.stepvault.capture.EventTrust;
import io.stepvault.event.BatchSource;
import io.stepvault.event.BatchStored;
import io.stepvault.event.CompletedStep;
import io.stepvault.event.DeadLetteredStep;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Makes completions for tests. */
final class Completions {
    static {
        EventTrust.establish();
    }

    private Completions() {}

    /** A batch of one step that is stored. */
    static BatchStored stored(String session, String step) {
        return batch(session)
                .setSteps(List.of(CompletedStep.newBuilder()
                        .setStepId(step)
                        .setRevision("20261120T080012.345678Z-0123456789abcdef")
                        .build()))
                .build();
    }

    /** A batch of one step that went to the dead letters. */
    static BatchStored deadLettered(String session, String step, String reason) {
        return batch(session)
                .setDeadLetters(List.of(DeadLetteredStep.newBuilder()
                        .setOffset(7)
                        .setStepId(step)
                        .setReason(reason)
                        .build()))
                .build();
    }

    /** The step of a batch of one, if it is stored. */
    static Optional<String> step(BatchStored batch) {
        return batch.getSteps().stream().map(CompletedStep::getStepId).findFirst();
    }

    private static BatchStored.Builder batch(String session) {
        return BatchStored.newBuilder()
                .setCompletionId("0123456789abcdef0123456789abcdef")
                .setSessionId(session)
                .setStoredAt(Instant.parse("2026-11-20T08:00:13Z"))
                .setSource(new BatchSource("step-captures", "id", 0, 7L, 7L));
    }
}

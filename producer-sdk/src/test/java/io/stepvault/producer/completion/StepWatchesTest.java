package io.stepvault.producer.completion;

import static io.stepvault.producer.completion.Completions.deadLettered;
import static io.stepvault.producer.completion.Completions.stored;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.event.CompletedStep;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class StepWatchesTest {
    private final StepWatches watches = new StepWatches();

    @Test
    void allWhoWaitForAStepAreToldOnce() {
        CompletableFuture<CompletedStep> one = watches.watch("a", "1");
        CompletableFuture<CompletedStep> two = watches.watch("a", "1");
        CompletableFuture<CompletedStep> otherSession = watches.watch("b", "1");

        watches.see(stored("a", "1"));

        assertThat(one).isCompleted();
        assertThat(two).isCompleted();
        assertThat(otherSession).isNotDone();
        assertThat(watches.watch("a", "1")).isNotDone();
    }

    @Test
    void aDeadLetterIsAnAnswerToo() {
        CompletableFuture<CompletedStep> future = watches.watch("a", "1");

        watches.see(deadLettered("a", "1", "too-large"));

        assertThat(future).isCompletedExceptionally();
    }

    @Test
    void nothingIsKeptOfThoseWhoGaveUp() {
        watches.watch("a", "1").cancel(true);
        watches.watch("a", "2").completeExceptionally(new IllegalStateException("no longer"));
        CompletableFuture<CompletedStep> waiting = watches.watch("a", "3");

        assertThat(watches.waiting()).isEqualTo(1);
        watches.see(stored("a", "3"));
        assertThat(waiting).isCompleted();
        assertThat(watches.waiting()).isZero();
    }

    @Test
    void oneWhoIsToldMayWaitAgain() {
        CompletableFuture<CompletedStep> again = watches.watch("a", "1").thenCompose(first -> watches.watch("a", "1"));

        watches.see(stored("a", "1"));
        assertThat(again).isNotDone();
        watches.see(stored("a", "1"));
        assertThat(again).isCompleted();
    }

    @Test
    void closingCancelsAll() {
        CompletableFuture<CompletedStep> future = watches.watch("a", "1");

        watches.close();

        assertThat(future).isCancelled();
        assertThat(watches.watch("a", "1")).isCancelled();
    }
}

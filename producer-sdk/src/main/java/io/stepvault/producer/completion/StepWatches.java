package io.stepvault.producer.completion;

import io.stepvault.event.BatchStored;
import io.stepvault.event.CompletedStep;
import io.stepvault.event.DeadLetteredStep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Who waits for which step. Safe for any thread. */
final class StepWatches {
    private final Map<Step, List<CompletableFuture<CompletedStep>>> waiting = new HashMap<>();
    private boolean closed;

    private record Step(String sessionId, String stepId) {}

    /** Completes when a completion that is {@link #see}n after this call names the step. */
    CompletableFuture<CompletedStep> watch(String sessionId, String stepId) {
        Step step = new Step(sessionId, stepId);
        CompletableFuture<CompletedStep> future = new CompletableFuture<>();
        synchronized (this) {
            if (closed) {
                future.cancel(false);
                return future;
            }
            waiting.computeIfAbsent(step, first -> new ArrayList<>()).add(future);
        }
        // Also when its owner gives up waiting.
        CompletableFuture<CompletedStep> unused = future.whenComplete((stored, failure) -> forget(step, future));
        return future;
    }

    void see(BatchStored batch) {
        for (CompletedStep stored : batch.getSteps()) {
            tell(new Step(batch.getSessionId(), stored.getStepId()), future -> future.complete(stored));
        }
        for (DeadLetteredStep dead : batch.getDeadLetters()) {
            dead.getStepId()
                    .ifPresent(step -> tell(
                            new Step(batch.getSessionId(), step),
                            future -> future.completeExceptionally(new NotStoredException(dead.getReason()))));
        }
    }

    /** Nothing is seen any more: cancels what waits, and what is yet to come. */
    void close() {
        List<CompletableFuture<CompletedStep>> left = new ArrayList<>();
        synchronized (this) {
            closed = true;
            waiting.values().forEach(left::addAll);
            waiting.clear();
        }
        CancellationException why = new CancellationException("the listener for completions was closed");
        left.forEach(future -> future.completeExceptionally(why));
    }

    synchronized int waiting() {
        return waiting.size();
    }

    /** Futures run code of others, so they are completed without the lock. */
    private void tell(Step step, Consumer<CompletableFuture<CompletedStep>> outcome) {
        List<CompletableFuture<CompletedStep>> futures;
        synchronized (this) {
            futures = waiting.getOrDefault(step, List.of());
            waiting.remove(step);
        }
        List.copyOf(futures).forEach(outcome);
    }

    private synchronized void forget(Step step, CompletableFuture<CompletedStep> future) {
        List<CompletableFuture<CompletedStep>> futures = waiting.get(step);
        if (futures != null && futures.removeIf(one -> one == future) && futures.isEmpty()) {
            waiting.remove(step);
        }
    }
}

package io.stepvault.storage;

import io.stepvault.storage.object.ObjectRefusedException;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.ObjectWriter;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/**
 * Writes steps so that a reader never sees half of one: day marker, then artifacts in parallel, then the commit record.
 * All keys are named by content, so that whoever writes them again writes the same. Safe for any thread.
 */
final class StepWriter {
    private static final Duration OLD = Duration.ofDays(1);

    private final ObjectWriter writer;
    private final ObjectsLayout layout;
    private final Clock clock;
    private final Executor executor;
    private final Function<String, URI> uriOf;
    private final DayMarkers markers;

    /** Writes through {@code writer}; {@code executor} hashes. */
    StepWriter(ObjectWriter writer, ObjectStore store, ObjectsLayout layout, Clock clock, Executor executor) {
        this.writer = writer;
        this.layout = layout;
        this.clock = clock;
        this.executor = executor;
        this.uriOf = store::uriOf;
        this.markers = new DayMarkers(writer, clock);
    }

    /** One outcome per step, in the order given. Never completes exceptionally. */
    CompletableFuture<List<StoreOutcome>> store(List<StepToStore> batch) {
        List<CompletableFuture<Attempt>> attempts = new ArrayList<>(batch.size());
        for (StepToStore step : batch) {
            attempts.add(store(step));
        }
        // On a thread of the store, since it may begin puts: the caller may already be here.
        return all(attempts)
                .thenComposeAsync(nothing -> markOldDaysAgain(attempts), executor)
                .exceptionally(failure -> {
                    StoreOutcome failed = new StoreOutcome.Failed(classified(failure));
                    return batch.stream().map(step -> failed).toList();
                });
    }

    private CompletableFuture<List<StoreOutcome>> markOldDaysAgain(List<CompletableFuture<Attempt>> attempts) {
        Map<String, CompletableFuture<Void>> oldMarkers = new HashMap<>();
        List<CompletableFuture<StoreOutcome>> outcomes = new ArrayList<>(attempts.size());
        for (CompletableFuture<Attempt> attempt : attempts) {
            outcomes.add(markAgainIfOld(attempt.join(), oldMarkers));
        }
        return all(outcomes)
                .thenApply(nothing ->
                        outcomes.stream().map(CompletableFuture::join).toList());
    }

    /** A step's outcome and, if it is stored, its day marker. */
    private record Attempt(StoreOutcome outcome, String dayMarker) {}

    private CompletableFuture<Attempt> store(StepToStore step) {
        CompletableFuture<PreparedStep> written = new CompletableFuture<>();
        try {
            executor.execute(() -> prepareAndWrite(step, written));
        } catch (RejectedExecutionException e) {
            written.completeExceptionally(e);
        }
        return written.thenApply(prepared -> new Attempt(prepared.outcome(), prepared.dayMarker()))
                .exceptionally(failure -> new Attempt(new StoreOutcome.Failed(classified(failure)), ""));
    }

    /** In one task, so that puts are never begun on the caller's thread, however soon the hash is there. */
    private void prepareAndWrite(StepToStore step, CompletableFuture<PreparedStep> written) {
        try {
            var unused = write(prepare(step)).whenComplete((prepared, failure) -> {
                if (failure == null) {
                    written.complete(prepared);
                } else {
                    written.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException e) {
            written.completeExceptionally(e);
        } catch (Error e) {
            written.completeExceptionally(e);
            throw e;
        }
    }

    private PreparedStep prepare(StepToStore step) {
        try {
            return PreparedStep.of(step, layout, uriOf);
        } catch (RuntimeException e) {
            // Whatever breaks on a capture's content breaks again: it is about this capture, not about the store.
            throw new ObjectRefusedException(
                    location(), "", "the capture cannot be laid out as objects: " + e.getMessage(), e);
        }
    }

    private CompletableFuture<PreparedStep> write(PreparedStep step) {
        return markers.ensure(step.dayMarker())
                .thenCompose(marked -> settled(step.artifacts().stream()
                        .map(artifact -> writer.put(artifact))
                        .toList()))
                .thenCompose(stored -> writer.put(step.commit()))
                .thenApply(committed -> step);
    }

    /**
     * A day may expire while an old capture is written, its marker with it. So the marker is written once more when all
     * of the batch is committed, once for all steps that share it.
     */
    private CompletableFuture<StoreOutcome> markAgainIfOld(
            Attempt attempt, Map<String, CompletableFuture<Void>> oldMarkers) {
        Instant old = clock.instant().minus(OLD);
        if (attempt.outcome() instanceof StoreOutcome.Stored stored
                && stored.record().capturedAt().isBefore(old)) {
            return oldMarkers
                    .computeIfAbsent(attempt.dayMarker(), markers::write)
                    .<StoreOutcome>thenApply(nothing -> stored)
                    .exceptionally(failure -> new StoreOutcome.Failed(classified(failure)));
        }
        return CompletableFuture.completedFuture(attempt.outcome());
    }

    /** Completes when all have, so that nothing is in flight any more; with an outage rather than a refusal. */
    private static CompletableFuture<Void> settled(List<CompletableFuture<Void>> puts) {
        CompletableFuture<Void> all = CompletableFuture.allOf(puts.toArray(CompletableFuture[]::new));
        return all.exceptionallyCompose(any -> puts.stream()
                .filter(CompletableFuture::isCompletedExceptionally)
                .min((one, other) -> Boolean.compare(isRefusal(one), isRefusal(other)))
                .orElse(all));
    }

    private static boolean isRefusal(CompletableFuture<Void> failed) {
        return failed.handle((nothing, failure) -> unwrapped(failure) instanceof StoreException e && !e.isOutage())
                .join();
    }

    private static CompletableFuture<Void> all(List<? extends CompletableFuture<?>> futures) {
        return CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new));
    }

    StoreException classified(Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (cause instanceof StoreException classified) {
            return classified;
        }
        String message = cause instanceof RejectedExecutionException
                ? "the store is closed; open it again"
                : "unexpected failure (" + cause.getClass().getSimpleName() + "); please report it";
        return new TransientStoreException(location(), "", message, cause);
    }

    private String location() {
        return uriOf.apply("").toString();
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}

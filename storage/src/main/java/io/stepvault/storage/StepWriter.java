package io.stepvault.storage;

import io.stepvault.storage.object.ObjectRefusedException;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.ObjectWriter;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.storage.retry.AsyncRetry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Writes steps so that a reader never sees half of one: day marker, then artifacts in parallel, then the commit record.
 * All keys are named by content, so that whoever writes them again writes the same. Safe for any thread.
 *
 * <p>Steps of deleted sessions are not written. A session's tombstone is looked for before its steps are written and
 * again after their commit records, once each for a batch. Who deletes puts the tombstone before he lists what to
 * delete; so either he sees a commit record that was written before the second look, or that look sees the tombstone,
 * and the writer removes what it wrote. A writer that dies before its second look has acknowledged nothing: whoever is
 * given the capture again sees the tombstone at the first look and removes the same keys, since they follow from the
 * capture. That a store shows what was written at once is all that this needs.
 *
 * <p>A session may be restored while a writer removes what it wrote of it. So a writer that has removed something looks a
 * third time. Either the tombstone is still there; then whoever restores takes it away later, and after that brings back
 * what the writer has removed. Or it is gone; then the capture is to be stored once more.
 */
final class StepWriter {
    private final ObjectWriter writer;
    private final Preparation preparation;
    private final ObjectsLayout layout;
    private final Executor executor;
    private final DayMarkers markers;
    private final WriterCalls calls;
    private final OldSteps oldSteps;

    /** Writes through {@code writer}; {@code executor} prepares; {@code retry} makes calls again that are no puts. */
    StepWriter(
            ObjectWriter writer,
            ObjectStore store,
            Preparation preparation,
            Clock clock,
            Executor executor,
            AsyncRetry retry) {
        this.writer = writer;
        this.preparation = preparation;
        this.layout = preparation.layout();
        this.executor = executor;
        this.markers = new DayMarkers(writer, clock);
        this.calls = new WriterCalls(store, executor, retry);
        this.oldSteps = new OldSteps(calls, layout, clock, location(), this::writeObjects);
    }

    /** One outcome per step, in the order given. Never completes exceptionally. */
    CompletableFuture<List<StoreOutcome>> store(List<StepToStore> batch) {
        Map<String, List<Integer>> sessions = new LinkedHashMap<>();
        for (int i = 0; i < batch.size(); i++) {
            sessions.computeIfAbsent(batch.get(i).capture().getSessionId(), session -> new ArrayList<>())
                    .add(i);
        }
        StoreOutcome[] outcomes = new StoreOutcome[batch.size()];
        List<CompletableFuture<Void>> done = new ArrayList<>();
        sessions.forEach((session, places) ->
                done.add(storeSession(session, places.stream().map(batch::get).toList())
                        .thenAccept(stored -> {
                            for (int i = 0; i < stored.size(); i++) {
                                outcomes[places.get(i)] = stored.get(i);
                            }
                        })));
        return all(done).thenApply(nothing -> List.of(outcomes));
    }

    /** What came of a step, and its objects if it has any. */
    private record Attempt(StoreOutcome outcome, Optional<PreparedStep> step) {
        static List<StoreOutcome> outcomes(List<Attempt> attempts) {
            return attempts.stream().map(Attempt::outcome).toList();
        }

        Attempt failed(StoreException cause) {
            return new Attempt(new StoreOutcome.Failed(cause), step);
        }
    }

    private CompletableFuture<List<StoreOutcome>> storeSession(String sessionId, List<StepToStore> steps) {
        return isDeleted(sessionId)
                .thenComposeAsync(
                        deleted -> deleted ? leaveNothing(sessionId, attempted(steps)) : storeLiving(sessionId, steps),
                        executor)
                .exceptionally(failure -> {
                    StoreOutcome failed = new StoreOutcome.Failed(classified(failure));
                    return steps.stream().map(step -> failed).toList();
                });
    }

    private CompletableFuture<Boolean> isDeleted(String sessionId) {
        String tombstone;
        try {
            tombstone = layout.tombstone(sessionId);
        } catch (IllegalArgumentException e) {
            // Nobody can have deleted it. Its steps are refused one by one.
            return CompletableFuture.completedFuture(false);
        }
        return calls.exists(tombstone);
    }

    /** Steps that somebody may have begun to write. */
    private List<Attempt> attempted(List<StepToStore> steps) {
        return steps.stream()
                .map(step -> attempt(() -> preparation.forRemoval().of(step)))
                .toList();
    }

    private CompletableFuture<List<StoreOutcome>> leaveNothing(String sessionId, List<Attempt> attempts) {
        List<PreparedStep> steps =
                attempts.stream().flatMap(attempt -> attempt.step().stream()).toList();
        // In the order in which a reader who knows nothing of tombstones never sees half a step.
        Set<String> keys = new LinkedHashSet<>();
        steps.forEach(step -> keys.addAll(step.keys()));
        steps.forEach(step -> keys.add(step.dayMarker()));
        return calls.delete(List.copyOf(keys))
                .thenCompose(nothing -> {
                    steps.forEach(step -> markers.forget(step.dayMarker()));
                    return isDeleted(sessionId);
                })
                .thenApply(stillDeleted -> attempts.stream()
                        .map(attempt -> stillDeleted ? new StoreOutcome.SessionDeleted() : restored(sessionId))
                        .toList());
    }

    private StoreOutcome restored(String sessionId) {
        return new StoreOutcome.Failed(new TransientStoreException(
                location(), layout.session(sessionId), "the session was restored meanwhile; store it again", null));
    }

    private CompletableFuture<List<StoreOutcome>> storeLiving(String sessionId, List<StepToStore> steps) {
        List<CompletableFuture<Attempt>> attempts =
                steps.stream().map(this::store).toList();
        // On a thread of the store, since it may begin puts: the caller may already be here.
        return all(attempts)
                .thenComposeAsync(nothing -> settleOld(joined(attempts)), executor)
                .thenComposeAsync(settled -> unlessDeleted(sessionId, settled), executor);
    }

    private CompletableFuture<List<StoreOutcome>> unlessDeleted(String sessionId, List<Attempt> attempts) {
        List<StoreOutcome> outcomes = Attempt.outcomes(attempts);
        if (outcomes.stream().noneMatch(StoreOutcome.Stored.class::isInstance)) {
            // Nobody is told that anything is stored. Whoever tries again looks for the tombstone first.
            return CompletableFuture.completedFuture(outcomes);
        }
        return isDeleted(sessionId)
                .thenComposeAsync(
                        deleted -> deleted
                                ? leaveNothing(sessionId, attempts)
                                : CompletableFuture.completedFuture(outcomes),
                        executor)
                .exceptionally(failure -> {
                    StoreException cause = classified(failure);
                    return attempts.stream()
                            .map(attempt -> attempt.outcome() instanceof StoreOutcome.Failed
                                    ? attempt.outcome()
                                    : new StoreOutcome.Failed(cause))
                            .toList();
                });
    }

    private CompletableFuture<Attempt> store(StepToStore step) {
        CompletableFuture<Attempt> done = new CompletableFuture<>();
        try {
            executor.execute(() -> prepareAndWrite(step, done));
        } catch (RejectedExecutionException e) {
            done.complete(new Attempt(new StoreOutcome.Failed(classified(e)), Optional.empty()));
        }
        return done;
    }

    /** In one task, so that puts are never begun on the caller's thread, however soon the hash is there. */
    private void prepareAndWrite(StepToStore step, CompletableFuture<Attempt> done) {
        try {
            Attempt prepared = attempt(() -> preparation.of(step));
            if (prepared.step().isEmpty()) {
                done.complete(prepared);
                return;
            }
            var unused = write(prepared.step().get())
                    .whenComplete((written, failure) ->
                            done.complete(failure == null ? prepared : prepared.failed(classified(failure))));
        } catch (RuntimeException e) {
            done.complete(new Attempt(new StoreOutcome.Failed(classified(e)), Optional.empty()));
        } catch (Error e) {
            done.complete(new Attempt(new StoreOutcome.Failed(classified(e)), Optional.empty()));
            throw e;
        }
    }

    private Attempt attempt(Supplier<PreparedStep> preparation) {
        try {
            PreparedStep step = preparation.get();
            return new Attempt(step.outcome(), Optional.of(step));
        } catch (ObjectRefusedException e) {
            return new Attempt(new StoreOutcome.Failed(e), Optional.empty());
        }
    }

    private CompletableFuture<Void> write(PreparedStep step) {
        return markers.ensure(step.dayMarker()).thenCompose(marked -> writeObjects(step));
    }

    private CompletableFuture<Void> writeObjects(PreparedStep step) {
        return settled(step.artifacts().stream().map(writer::put).toList())
                .thenCompose(stored -> writer.put(step.commit()));
    }

    /** Sees to it that steps which were captured long ago stay whole and listed. */
    private CompletableFuture<List<Attempt>> settleOld(List<Attempt> attempts) {
        Map<String, List<Integer>> days = new LinkedHashMap<>();
        for (int i = 0; i < attempts.size(); i++) {
            Attempt attempt = attempts.get(i);
            if (attempt.outcome() instanceof StoreOutcome.Stored) {
                PreparedStep step = attempt.step().orElseThrow();
                if (oldSteps.isOld(step)) {
                    days.computeIfAbsent(step.dayMarker(), marker -> new ArrayList<>())
                            .add(i);
                }
            }
        }
        Attempt[] settled = attempts.toArray(Attempt[]::new);
        List<CompletableFuture<Void>> done = new ArrayList<>();
        days.forEach((marker, places) ->
                done.add(settleDay(marker, places.stream().map(attempts::get).toList())
                        .thenAccept(day -> {
                            for (int i = 0; i < day.size(); i++) {
                                settled[places.get(i)] = day.get(i);
                            }
                        })));
        return all(done).thenApply(nothing -> List.of(settled));
    }

    /**
     * A day may expire while old captures of it are written, its marker with it. So the marker is written once more when
     * all of the batch is committed, once for all steps that share it.
     */
    private CompletableFuture<List<Attempt>> settleDay(String marker, List<Attempt> attempts) {
        List<PreparedStep> steps =
                attempts.stream().map(attempt -> attempt.step().orElseThrow()).toList();
        CompletableFuture<Void> nobodyRemoves = oldSteps.awaitNoRemoval(steps.get(0));
        List<CompletableFuture<Void>> whole = steps.stream()
                .map(step -> nobodyRemoves.thenCompose(nobody -> oldSteps.makeWhole(step)))
                .toList();
        CompletableFuture<Void> marked =
                all(whole).handle((nothing, any) -> marker).thenCompose(markers::write);
        List<CompletableFuture<Attempt>> settled = new ArrayList<>();
        for (int i = 0; i < attempts.size(); i++) {
            Attempt attempt = attempts.get(i);
            settled.add(whole.get(i)
                    .thenCombine(marked, (made, written) -> attempt)
                    .exceptionally(failure -> attempt.failed(classified(failure))));
        }
        return all(settled).thenApply(nothing -> joined(settled));
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

    private static <T> List<T> joined(List<CompletableFuture<T>> completed) {
        return completed.stream().map(CompletableFuture::join).toList();
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
        return preparation.uriOf().apply("").toString();
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}

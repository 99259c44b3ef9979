package io.stepvault.worker;

import io.stepvault.capture.ArtifactName;
import io.stepvault.capture.CommitRecord;
import io.stepvault.storage.StepToStore;
import io.stepvault.storage.StoreOutcome;
import io.stepvault.storage.object.StoreException;
import io.stepvault.worker.store.StepWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** A store that answers when and how a test says. */
public final class ScriptedWriter implements StepWriter {
    /** Everything ever stored, in order, doubles included. */
    public final List<CommitRecord> stored;

    /** Sessions that have been deleted: nothing of them is stored. */
    public final Set<String> deletedSessions;

    private final Deque<Call> calls = new ArrayDeque<>();
    private final Deque<CompletableFuture<Optional<StoreException>>> probes = new ArrayDeque<>();

    /** An empty store. */
    public ScriptedWriter() {
        this(new ArrayList<>(), new HashSet<>());
    }

    private ScriptedWriter(List<CommitRecord> stored, Set<String> deletedSessions) {
        this.stored = stored;
        this.deletedSessions = deletedSessions;
    }

    /** The same store, for another process. */
    public ScriptedWriter next() {
        return new ScriptedWriter(stored, deletedSessions);
    }

    private record Call(List<StepToStore> steps, CompletableFuture<List<StoreOutcome>> answer) {}

    @Override
    public CompletableFuture<List<StoreOutcome>> store(List<StepToStore> steps) {
        Call call = new Call(steps, new CompletableFuture<>());
        calls.addLast(call);
        return call.answer;
    }

    @Override
    public CompletableFuture<Optional<StoreException>> probe() {
        CompletableFuture<Optional<StoreException>> answer = new CompletableFuture<>();
        probes.addLast(answer);
        return answer;
    }

    public int pendingCalls() {
        return calls.size();
    }

    public int pendingProbes() {
        return probes.size();
    }

    /** The step ids of the oldest call that is not answered. */
    public List<String> nextCall() {
        return calls.getFirst().steps.stream()
                .map(step -> step.capture().getStepId())
                .toList();
    }

    /** Stores all of the oldest call. */
    public void succeed() {
        answer(step -> Optional.empty());
    }

    /** Stores of the oldest call what {@code failure} gives no failure for. */
    public void answer(Function<StepToStore, Optional<StoreException>> failure) {
        Call call = calls.removeFirst();
        List<StoreOutcome> outcomes = new ArrayList<>();
        for (StepToStore step : call.steps) {
            Optional<StoreException> failed = failure.apply(step);
            outcomes.add(failed.isPresent() ? new StoreOutcome.Failed(failed.get()) : store(step));
        }
        call.answer.complete(outcomes);
    }

    /** Moves the oldest call behind the others, so that answers come out of order. */
    public void overtake() {
        calls.addLast(calls.removeFirst());
    }

    public void answerProbe(Optional<StoreException> failure) {
        probes.removeFirst().complete(failure);
    }

    private StoreOutcome store(StepToStore step) {
        if (deletedSessions.contains(step.capture().getSessionId())) {
            return new StoreOutcome.SessionDeleted();
        }
        CommitRecord record = CommitRecord.of(step.capture());
        stored.add(record);
        TreeMap<String, URI> uris = new TreeMap<>();
        ArtifactName.artifactsOf(step.capture())
                .keySet()
                .forEach(name ->
                        uris.put(name, URI.create("file:///" + URLEncoder.encode(name, StandardCharsets.UTF_8))));
        return new StoreOutcome.Stored(record, record.revision(), uris);
    }
}

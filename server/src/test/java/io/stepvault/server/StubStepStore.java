package io.stepvault.server;

import io.stepvault.capture.Revision;
import io.stepvault.storage.Page;
import io.stepvault.storage.PageRequest;
import io.stepvault.storage.Removed;
import io.stepvault.storage.SessionEntry;
import io.stepvault.storage.SessionFilter;
import io.stepvault.storage.StepEntry;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StepToStore;
import io.stepvault.storage.StoreOutcome;
import io.stepvault.storage.StoredStep;
import io.stepvault.storage.object.StoreException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A store of nothing; tests say what else it has. */
public class StubStepStore implements StepStore {
    @Override
    public URI location() {
        return URI.create("memory:stub");
    }

    @Override
    public CompletableFuture<List<StoreOutcome>> storeAsync(List<StepToStore> batch) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Optional<StoreException>> probe() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<StoredStep> load(String sessionId, String stepId) {
        return Optional.empty();
    }

    @Override
    public Optional<StoredStep> load(String sessionId, String stepId, Revision revision) {
        return load(sessionId, stepId).filter(step -> step.revision().equals(revision));
    }

    @Override
    public Page<SessionEntry> sessions(SessionFilter filter, PageRequest request) {
        return new Page<>(List.of(), Optional.empty());
    }

    @Override
    public Page<String> sessionIds(String idPrefix, PageRequest request) {
        return new Page<>(List.of(), Optional.empty());
    }

    @Override
    public Page<StepEntry> steps(String sessionId, PageRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Page<StepEntry> revisions(String sessionId, PageRequest request) {
        return new Page<>(List.of(), Optional.empty());
    }

    @Override
    public Page<Revision> revisions(String sessionId, String stepId, PageRequest request) {
        return new Page<>(List.of(), Optional.empty());
    }

    @Override
    public Removed deleteSession(String sessionId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isDeleted(String sessionId) {
        return false;
    }

    @Override
    public void close() {}
}

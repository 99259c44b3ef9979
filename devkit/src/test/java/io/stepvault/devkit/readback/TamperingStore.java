package io.stepvault.devkit.readback;

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
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A store of files in which one step's page is changed before anyone reads it. Safe for any thread. */
public record TamperingStore(StepStore files, String tamperedStep) implements StepStore {
    @Override
    public Optional<StoredStep> load(String sessionId, String stepId) {
        Optional<StoredStep> stored = files.load(sessionId, stepId);
        if (stepId.equals(tamperedStep)) {
            stored.ifPresent(TamperingStore::tamper);
        }
        return stored;
    }

    private static void tamper(StoredStep stored) {
        Path page = Path.of(Objects.requireNonNull(stored.artifactUris().get("html")));
        try {
            byte[] bytes = Files.readAllBytes(page);
            bytes[bytes.length / 2] ^= 1;
            Files.write(page, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<StoredStep> load(String sessionId, String stepId, Revision revision) {
        return files.load(sessionId, stepId, revision);
    }

    @Override
    public URI location() {
        return files.location();
    }

    @Override
    public CompletableFuture<List<StoreOutcome>> storeAsync(List<StepToStore> batch) {
        return files.storeAsync(batch);
    }

    @Override
    public CompletableFuture<Optional<StoreException>> probe() {
        return files.probe();
    }

    @Override
    public Removed deleteSession(String sessionId) {
        return files.deleteSession(sessionId);
    }

    @Override
    public boolean isDeleted(String sessionId) {
        return files.isDeleted(sessionId);
    }

    @Override
    public Page<SessionEntry> sessions(SessionFilter filter, PageRequest request) {
        return files.sessions(filter, request);
    }

    @Override
    public Page<String> sessionIds(String idPrefix, PageRequest request) {
        return files.sessionIds(idPrefix, request);
    }

    @Override
    public Page<StepEntry> revisions(String sessionId, PageRequest request) {
        return files.revisions(sessionId, request);
    }

    @Override
    public Page<StepEntry> steps(String sessionId, PageRequest request) {
        return files.steps(sessionId, request);
    }

    @Override
    public Page<Revision> revisions(String sessionId, String stepId, PageRequest request) {
        return files.revisions(sessionId, stepId, request);
    }

    @Override
    public void close() {
        files.close();
    }
}

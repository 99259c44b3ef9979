package io.stepvault.worker.store;

import io.stepvault.storage.StepStore;
import io.stepvault.storage.StepToStore;
import io.stepvault.storage.StoreOutcome;
import io.stepvault.storage.object.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A store that is opened when it is first needed, and again when that failed: a directory that is not mounted yet is an
 * outage like any other, not a reason not to start.
 *
 * <p>Safe for any thread.
 */
public final class LateOpenedStore implements StepWriter, AutoCloseable {
    private final Supplier<StepStore> opener;
    private @Nullable StepStore opened;

    /** A store that {@code opener} opens, or fails to open with a {@link StoreException}. */
    public LateOpenedStore(Supplier<StepStore> opener) {
        this.opener = opener;
    }

    @Override
    public CompletableFuture<List<StoreOutcome>> store(List<StepToStore> steps) {
        return with(
                store -> store.storeAsync(steps),
                failure -> steps.stream()
                        .<StoreOutcome>map(step -> new StoreOutcome.Failed(failure))
                        .toList());
    }

    @Override
    public CompletableFuture<Optional<StoreException>> probe() {
        return with(StepStore::probe, Optional::of);
    }

    @Override
    public synchronized void close() {
        if (opened != null) {
            opened.close();
        }
    }

    private <T> CompletableFuture<T> with(
            Function<StepStore, CompletableFuture<T>> call, Function<StoreException, T> failed) {
        StepStore store;
        try {
            store = open();
        } catch (StoreException e) {
            return CompletableFuture.completedFuture(failed.apply(e));
        }
        return call.apply(store);
    }

    private synchronized StepStore open() {
        if (opened == null) {
            opened = opener.get();
        }
        return opened;
    }
}

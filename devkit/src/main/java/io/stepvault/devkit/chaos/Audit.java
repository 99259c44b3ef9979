package io.stepvault.devkit.chaos;

import io.stepvault.devkit.readback.ReadBack;
import io.stepvault.devkit.readback.StepRevision;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.StepStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Reads everything back that a load has published, and draws up the account. Used by one thread. */
final class Audit {
    private static final int READERS = 4;

    private final CaptureSource source;
    private final StepStore store;

    Audit(CaptureSource source, StepStore store) {
        this.source = source;
        this.store = store;
    }

    /**
     * Draws it up.
     *
     * @param completed how often each revision was
     * @param deadLettered how often each text was
     */
    Account of(Published published, Map<StepRevision, Integer> completed, Map<String, Integer> deadLettered)
            throws InterruptedException {
        Map<StepRevision, Published.Times> times = new ConcurrentHashMap<>();
        Map<StepRevision, List<String>> differences = new ConcurrentHashMap<>();
        ReadBack readBack = new ReadBack(store);
        ExecutorService readers = Executors.newFixedThreadPool(READERS);
        try {
            List<Callable<Void>> tasks = published.captures().entrySet().stream()
                    .<Callable<Void>>map(one -> () -> {
                        StepCapture capture = source.capture(one.getKey());
                        StepRevision step = StepRevision.of(capture);
                        times.put(step, one.getValue());
                        differences.put(step, readBack.compare(capture).differences());
                        return null;
                    })
                    .toList();
            for (Future<Void> task : readers.invokeAll(tasks)) {
                task.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("what was stored cannot be read back: " + e.getCause(), e);
        } finally {
            readers.shutdownNow();
        }
        return Account.of(
                new Account.Captures(times, differences, completed),
                new Account.Poison(published.poison(), deadLettered));
    }
}

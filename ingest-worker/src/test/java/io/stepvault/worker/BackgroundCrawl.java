package io.stepvault.worker;

import io.stepvault.event.StepCapture;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** A crawl that goes on and on, one capture after the other, with new sessions after every few steps. */
final class BackgroundCrawl implements AutoCloseable {
    private static final int STEPS = 10;
    /** Only so that a machine with few processors has something left for the workers. */
    private static final Duration PACE = Duration.ofMillis(10);

    private final CompletableFuture<List<StepCapture>> captures;
    private volatile boolean ending;

    BackgroundCrawl(TestBed bed, int sessions) {
        captures = CompletableFuture.supplyAsync(() -> run(bed, sessions), task -> {
            Thread thread = new Thread(task, "background-crawl");
            thread.setDaemon(true);
            thread.start();
        });
    }

    private List<StepCapture> run(TestBed bed, int sessions) {
        List<StepCapture> all = new ArrayList<>();
        for (int generation = 0; !ending; generation++) {
            for (StepCapture next : TestBed.crawl("generation-" + generation, sessions, STEPS)) {
                if (!ending) {
                    bed.publish(List.of(next));
                    all.add(next);
                    LockSupport.parkNanos(PACE.toNanos());
                }
            }
        }
        return all;
    }

    /** Ends it, and gives all that it has published. */
    List<StepCapture> end() {
        ending = true;
        return captures.join();
    }

    @Override
    public void close() {
        ending = true;
    }
}

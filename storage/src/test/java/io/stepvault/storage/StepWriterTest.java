package io.stepvault.storage;

import static io.stepvault.storage.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.storage.memory.InMemoryObjectStore;
import io.stepvault.storage.object.ObjectWriter;
import io.stepvault.storage.retry.AsyncRetry;
import io.stepvault.storage.retry.RetryOptions;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Test;

class StepWriterTest {
    /** The client of a real store may block or lose an interrupt while it begins a put; the caller must not feel that. */
    @Test
    void beginsNoPutOnTheCallersThread() {
        InMemoryObjectStore objects = new InMemoryObjectStore();
        Set<Thread> putting = ConcurrentHashMap.newKeySet();
        ObjectWriter noting = request -> {
            putting.add(Thread.currentThread());
            return objects.put(request);
        };
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        AsyncRetry retry = new AsyncRetry(RetryOptions.defaults(), scheduler);
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Preparation preparation = new Preparation(new ObjectsLayout(""), Compression.GZIP, objects::uriOf);
            StepWriter writer = new StepWriter(noting, objects, preparation, Clock.systemUTC(), executor, retry);
            // Many, so that the hash of some is there before the caller goes on.
            for (int i = 0; i < 200; i++) {
                StepToStore step = new StepToStore(aStep().called("step-" + i).build());
                assertThat(writer.store(List.of(step)).join()).allMatch(StoreOutcome.Stored.class::isInstance);
            }
        } finally {
            executor.shutdown();
            scheduler.shutdown();
        }

        assertThat(putting).isNotEmpty().doesNotContain(Thread.currentThread());
    }
}

package io.stepvault.storage;

import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.retry.RetryOptions;
import java.time.Duration;

/** Step stores as tests want them. */
final class TestStores {
    private TestStores() {}

    /** Options under which nothing waits. */
    static StoreOptions quick() {
        return StoreOptions.defaults()
                .withRetry(RetryOptions.defaults().withIntervals(Duration.ofMillis(1), Duration.ofMillis(2)));
    }

    /** As {@link #quick}, hashing on the caller's thread. */
    static StoreOptions direct() {
        return quick().withExecutor(Runnable::run);
    }

    static StepStore over(ObjectStore objects) {
        return new ObjectStepStore(objects, "", direct());
    }
}

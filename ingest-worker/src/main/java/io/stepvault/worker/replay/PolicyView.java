package io.stepvault.worker.replay;

import io.stepvault.storage.LifecyclePolicy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The store's policy, read again once a minute: it may be changed while a long job runs. Safe for any thread. */
public final class PolicyView implements Supplier<LifecyclePolicy> {
    private static final Duration GOOD_FOR = Duration.ofMinutes(1);

    private final Supplier<Optional<LifecyclePolicy>> store;
    private final Clock clock;
    private @Nullable LifecyclePolicy policy;
    private Instant readAgainAt = Instant.MIN;

    /** Reads from {@code store}, whose failures are the caller's. */
    public PolicyView(Supplier<Optional<LifecyclePolicy>> store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public synchronized LifecyclePolicy get() {
        Instant now = clock.instant();
        if (policy == null || !now.isBefore(readAgainAt)) {
            policy = store.get().orElse(LifecyclePolicy.KEEP_ALL);
            readAgainAt = now.plus(GOOD_FOR);
        }
        return policy;
    }
}

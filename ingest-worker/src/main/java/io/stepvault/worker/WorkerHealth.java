package io.stepvault.worker;

import io.stepvault.worker.assemble.RegistryHealth;
import io.stepvault.worker.consume.ConsumerHealth;
import io.stepvault.worker.http.Health;
import io.stepvault.worker.store.StoreHealth;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The health of the worker, from that of its ends. */
final class WorkerHealth implements Health {
    /** No round takes as long in good health, not even one that waits for a rebalance or for brokers that are gone. */
    private static final Duration STUCK_AFTER = Duration.ofMinutes(2);

    private final ConsumerHealth consumer;
    private final StoreHealth store;
    private final RegistryHealth registry;
    private final Supplier<Optional<String>> commits;
    private final Clock clock;

    WorkerHealth(
            ConsumerHealth consumer,
            StoreHealth store,
            RegistryHealth registry,
            Supplier<Optional<String>> commits,
            Clock clock) {
        this.consumer = consumer;
        this.store = store;
        this.registry = registry;
        this.commits = commits;
        this.clock = clock;
    }

    @Override
    public List<String> whyNotLive() {
        Duration since = Duration.between(consumer.lastRound(), clock.instant());
        return since.compareTo(STUCK_AFTER) > 0
                ? List.of("the consumer's thread has been stuck for " + since.toSeconds() + " s")
                : List.of();
    }

    @Override
    public List<String> whyNotReady() {
        List<String> problems = new ArrayList<>(whyNotLive());
        consumer.trouble().ifPresent(problems::add);
        store.trouble()
                .ifPresent(trouble -> problems.add("store fails since " + trouble.since() + ": " + trouble.why()));
        registry.trouble()
                .ifPresent(trouble ->
                        problems.add("partitions wait for a schema since " + trouble.since() + ": " + trouble.why()));
        commits.get().ifPresent(problems::add);
        return problems;
    }
}

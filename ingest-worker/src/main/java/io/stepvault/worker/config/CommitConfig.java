package io.stepvault.worker.config;

import java.time.Duration;
import java.util.List;

/**
 * When and how progress is committed, in the steady state and at the end. Immutable; safe for any thread.
 *
 * @param interval {@code commit.interval}
 * @param rebalanceDrainTimeout {@code rebalance.drain.timeout}
 * @param shutdownTimeout {@code shutdown.timeout}
 * @param delivery {@code completions.delivery}
 * @param maxWaitingCompletions {@code completions.max.waiting}, of each partition
 */
public record CommitConfig(
        Duration interval,
        Duration rebalanceDrainTimeout,
        Duration shutdownTimeout,
        Delivery delivery,
        int maxWaitingCompletions) {
    /** @throws ConfigException with every value that is not allowed */
    public CommitConfig {
        new Problems()
                .check(WorkerKeys.COMMIT_INTERVAL, interval)
                .check(WorkerKeys.REBALANCE_DRAIN_TIMEOUT, rebalanceDrainTimeout)
                .check(WorkerKeys.SHUTDOWN_TIMEOUT, shutdownTimeout)
                .check(WorkerKeys.COMPLETIONS_DELIVERY, delivery)
                .check(WorkerKeys.COMPLETIONS_MAX_WAITING, maxWaitingCompletions)
                .throwIfAny();
    }

    /** The wait on a rebalance is spent between two polls. */
    static List<Problem> drainWithinPollInterval(Duration drainTimeout, Duration maxPollInterval) {
        if (drainTimeout.compareTo(maxPollInterval) < 0) {
            return List.of();
        }
        return List.of(new Problem(
                WorkerKeys.REBALANCE_DRAIN_TIMEOUT.name(),
                "'" + DurationText.format(drainTimeout) + "' is not less than Kafka's max.poll.interval.ms ("
                        + DurationText.format(maxPollInterval)
                        + "), so the group would drop this worker while it waits; lower it or raise that"));
    }
}

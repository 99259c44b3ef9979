package io.stepvault.worker.commit;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How transactions are run.
 *
 * @param transactionalId the producers' {@code transactional.id}, which no other process may use
 * @param timeout the producers' {@code transaction.timeout.ms}: when the brokers abort a transaction that goes on
 * @param retryInterval the first pause before brokers are asked again; it doubles, up to thirty times as long
 * @param jitter by which pauses are shortened, so that workers do not ask in step
 */
public record TransactionSettings(
        String transactionalId, Duration timeout, Duration retryInterval, RandomGenerator jitter) {}

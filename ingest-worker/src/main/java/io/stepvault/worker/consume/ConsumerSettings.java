package io.stepvault.worker.consume;

import java.time.Duration;

/**
 * How the consumer behaves.
 *
 * @param topic the topic of step captures
 * @param drainTimeout the longest that a rebalance waits for what was read from a leaving partition
 * @param shutdownTimeout the longest that a shutdown waits for all that was read
 */
public record ConsumerSettings(String topic, Duration drainTimeout, Duration shutdownTimeout) {}

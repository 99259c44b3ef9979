package io.stepvault.worker.batch;

import java.time.Duration;

/**
 * When a session batch is full.
 *
 * @param maxAge time since its first capture
 * @param maxBytes bytes of its captures
 * @param maxSteps number of its captures
 * @param maxCompletionBytes estimated size of its completion event, which must fit a record
 */
public record BatchLimits(Duration maxAge, long maxBytes, int maxSteps, int maxCompletionBytes) {}

package io.stepvault.producer;

/**
 * How much may wait in the queue, and what happens beyond that.
 *
 * @param maxBytes most bytes of captures, serialized
 * @param maxCount most captures
 * @param overflow what happens to a capture that does not fit
 */
record QueueLimits(long maxBytes, int maxCount, OverflowPolicy overflow) {}

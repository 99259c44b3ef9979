package io.stepvault.producer;

/**
 * A capture that was accepted and that Kafka refused for good.
 *
 * @param id which capture
 * @param cause what Kafka said
 */
public record FailedCapture(CaptureId id, Exception cause) {}

package io.stepvault.producer;

/**
 * The broker has the capture, on all in-sync replicas.
 *
 * @param topic where it is
 * @param partition the topic's partition
 * @param offset the record's offset, or that of the last of its chunks; -1 if the broker did not say
 */
public record Acknowledgement(String topic, int partition, long offset) {}

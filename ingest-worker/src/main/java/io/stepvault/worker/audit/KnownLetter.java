package io.stepvault.worker.audit;

/**
 * A dead letter of a record of the topic.
 *
 * @param partition of the record, not of the letter
 * @param offset of the record; of a capture in chunks, that of its last
 * @param reason its code
 */
public record KnownLetter(int partition, long offset, String reason) {}

package io.stepvault.worker.deadletter;

import java.time.Instant;

/**
 * A record on the dead-letter topic that is no dead letter: somebody else's, or one whose headers this version cannot
 * read. Immutable; safe for any thread.
 *
 * @param place where it lies
 * @param at its time
 * @param bytes the length of its value
 * @param why one sentence for a person
 */
public record StrangeRecord(LetterPlace place, Instant at, long bytes, String why) {}

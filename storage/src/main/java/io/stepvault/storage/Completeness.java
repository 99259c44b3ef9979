package io.stepvault.storage;

import java.util.List;
import java.util.OptionalLong;

/**
 * Which captures of a session are stored, as far as their sequence numbers tell. A publisher numbers the captures of a
 * session from 0, those too that it then drops; so what is missing was dropped, is still on its way, or has expired.
 *
 * <p>A capture that brought no number is not missed. Where several publishers number one session, each from 0, a number
 * counts as there as soon as one of them has it. What comes after the last number is not missed either: only {@code
 * ended} tells whether something may still come.
 *
 * @param captures how many are stored, all revisions of all steps
 * @param unnumbered how many of these have no sequence number
 * @param ended whether one of them says that the session has ended
 * @param firstSequence the least number; empty if no capture has one
 * @param lastSequence the greatest number; empty if no capture has one
 * @param missing the numbers from 0 up to the greatest that no capture has, in order; of more than {@value
 *     #MAX_RANGES} ranges the first
 * @param missingCount how many numbers are missing in all
 */
public record Completeness(
        long captures,
        long unnumbered,
        boolean ended,
        OptionalLong firstSequence,
        OptionalLong lastSequence,
        List<SequenceRange> missing,
        long missingCount) {
    /** The most ranges that are told. */
    public static final int MAX_RANGES = 1_000;

    /** Copies the list. */
    public Completeness {
        missing = List.copyOf(missing);
    }

    /** Whether the session has ended and nothing is missing. */
    public boolean isComplete() {
        return ended && missingCount == 0;
    }
}

package io.stepvault.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The sequence numbers of a session's captures, in any order. Memory goes by the number of gaps, not of captures. For
 * one thread.
 */
final class SequenceNumbers {
    // A request lists 1,000 keys, and a revision has a few. So many commit records are in memory at once.
    private static final int RECORDS = 250;
    /** What a publisher begins with. */
    private static final long FIRST = 0;

    // The last number of each range by its first. Ranges never touch.
    private final NavigableMap<Long, Long> ranges = new TreeMap<>();
    private long captures;
    private long unnumbered;
    private boolean ended;

    /** Those of a stored session. Reads a few commit records at a time. */
    static SequenceNumbers of(StepStore store, String sessionId) {
        SequenceNumbers numbers = new SequenceNumbers();
        Optional<String> token = Optional.empty();
        do {
            Page<StepEntry> page = store.revisions(sessionId, new PageRequest(RECORDS, token));
            for (LoadOutcome outcome :
                    store.loadAll(page.items().stream().map(StepAddress::of).toList())) {
                if (outcome instanceof LoadOutcome.Found found) {
                    numbers.add(
                            found.step().record().sequence(),
                            found.step().record().endOfSession());
                } else if (outcome instanceof LoadOutcome.Failed failed) {
                    throw failed.cause();
                }
            }
            token = page.nextToken();
        } while (token.isPresent());
        return numbers;
    }

    /** Adds a capture. */
    void add(Optional<Long> sequence, boolean endOfSession) {
        captures++;
        ended |= endOfSession;
        sequence.ifPresentOrElse(this::add, () -> unnumbered++);
    }

    private void add(long number) {
        Map.Entry<Long, Long> below = ranges.floorEntry(number);
        if (below != null && below.getValue() >= number) {
            return;
        }
        long from = below != null && below.getValue() + 1 == number ? below.getKey() : number;
        Long above = number == Long.MAX_VALUE ? null : ranges.remove(number + 1);
        ranges.put(from, above == null ? number : above);
    }

    Completeness completeness() {
        List<SequenceRange> missing = new ArrayList<>();
        long missingCount = 0;
        long expected = FIRST;
        for (Map.Entry<Long, Long> range : ranges.tailMap(firstFrom(), true).entrySet()) {
            if (range.getKey() > expected) {
                missingCount += range.getKey() - expected;
                if (missing.size() < Completeness.MAX_RANGES) {
                    missing.add(new SequenceRange(expected, range.getKey() - 1));
                }
            }
            if (range.getValue() == Long.MAX_VALUE) {
                break;
            }
            expected = Math.max(expected, range.getValue() + 1);
        }
        return new Completeness(
                captures,
                unnumbered,
                ended,
                ranges.isEmpty() ? OptionalLong.empty() : OptionalLong.of(ranges.firstKey()),
                ranges.isEmpty()
                        ? OptionalLong.empty()
                        : OptionalLong.of(ranges.lastEntry().getValue()),
                missing,
                missingCount);
    }

    /** The range that the first number lies in or follows; a capture may have brought any number, also one below it. */
    private long firstFrom() {
        Long from = ranges.floorKey(FIRST);
        return from == null ? FIRST : from;
    }
}

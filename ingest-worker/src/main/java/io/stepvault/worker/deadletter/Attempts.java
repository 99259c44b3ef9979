package io.stepvault.worker.deadletter;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * How often a record has gone through the pipeline, and what came of it: a redriven record carries this, and a dead
 * letter hands it on. It is for people only, since any producer can claim what it likes of its own records. Immutable;
 * safe for any thread.
 *
 * @param count how often, 0 for a record that never did
 * @param past when it became a dead letter, the oldest first: at most the last {@value #MAX_PAST}, and those only that
 *     were redriven
 */
public record Attempts(int count, List<PastAttempt> past) {
    static final String COUNT = "stepvault-attempts";
    static final String HISTORY = "stepvault-history";
    static final int MAX_PAST = 10;

    private static final int MAX_COUNT_DIGITS = 9;
    /** As long as this many of the longest lines: a longer one is not ours. */
    private static final int MAX_HISTORY_BYTES = 8_192;

    private static final Attempts NONE = new Attempts(0, List.of());

    /** Copies, and keeps the last ones. */
    public Attempts {
        past = List.copyOf(past.subList(Math.max(0, past.size() - MAX_PAST), past.size()));
    }

    /** What the headers of a record say; what is not as we write it is passed over. */
    static Attempts of(Iterable<Header> headers) {
        Optional<Integer> count = Optional.empty();
        List<PastAttempt> past = List.of();
        for (Header header : headers) {
            byte[] value = header.value();
            if (value == null || value.length > MAX_HISTORY_BYTES) {
                continue;
            }
            if (header.key().equals(COUNT)) {
                count = HeaderText.number(value, MAX_COUNT_DIGITS).map(Long::intValue);
            } else if (header.key().equals(HISTORY)) {
                past = new String(value, StandardCharsets.UTF_8)
                        .lines()
                        .flatMap(line -> PastAttempt.parse(line).stream())
                        .toList();
            }
        }
        return count.isEmpty() && past.isEmpty() ? NONE : new Attempts(count.orElse(0), past);
    }

    /** Whether a header is one of those that this is written in. */
    static boolean owns(Header header) {
        return header.key().equals(COUNT) || header.key().equals(HISTORY);
    }

    /** With the one that ends now. */
    Attempts plusOne() {
        return new Attempts(count + 1, past);
    }

    /** With one more that has become history. */
    Attempts plus(PastAttempt attempt) {
        List<PastAttempt> all = new ArrayList<>(past);
        all.add(attempt);
        return new Attempts(count, all);
    }

    /** As headers: the count, and the history if there is any, a line for each. */
    List<Header> headers() {
        Header number = HeaderText.header(COUNT, Integer.toString(count));
        if (past.isEmpty()) {
            return List.of(number);
        }
        String lines = past.stream().map(PastAttempt::toString).collect(Collectors.joining("\n"));
        return List.of(number, new RecordHeader(HISTORY, lines.getBytes(StandardCharsets.UTF_8)));
    }
}

package io.stepvault.storage;

import io.stepvault.capture.CommitRecord;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is kept, and for how long. It lies in the store itself as {@code policy.json}, so that whoever removes, replays
 * or audits goes by the same.
 *
 * <p>Immutable; safe for any thread.
 *
 * @param expireAfterDays steps expire when the UTC day of their capture is so many days ago, 2 to 36,500; empty: never
 * @param keepRevisions how many revisions of a step are kept, the last ones, at least 1; empty: all
 * @param holds sessions of which any stored capture carries one of these labels are left alone; sorted, each once
 */
public record LifecyclePolicy(OptionalInt expireAfterDays, OptionalInt keepRevisions, List<LabelHold> holds) {
    /** The least number of days after which steps expire: their writers may be at them until then. */
    public static final int MIN_DAYS = RemovalMarks.YOUNG_DAYS;

    private static final int MAX_DAYS = 36_500;

    /** Keeps all for ever. */
    public static final LifecyclePolicy KEEP_ALL =
            new LifecyclePolicy(OptionalInt.empty(), OptionalInt.empty(), List.of());

    /** Checks the numbers and sorts the holds. */
    public LifecyclePolicy {
        if (expireAfterDays.isPresent()
                && (expireAfterDays.getAsInt() < MIN_DAYS || expireAfterDays.getAsInt() > MAX_DAYS)) {
            throw new IllegalArgumentException("steps expire after " + MIN_DAYS + " to " + MAX_DAYS
                    + " days, not after " + expireAfterDays.getAsInt());
        }
        if (keepRevisions.isPresent() && keepRevisions.getAsInt() < 1) {
            throw new IllegalArgumentException(
                    "at least the last revision of a step is kept, not " + keepRevisions.getAsInt());
        }
        holds = holds.stream().sorted().distinct().toList();
    }

    /**
     * Reads {@code policy.json}. Strictly: one that is not understood to the last field must not decide what goes.
     *
     * @throws IllegalArgumentException if this is no policy, or one of a later version; the message says what is wrong
     */
    public static LifecyclePolicy parse(byte[] json) {
        return LifecyclePolicyJson.read(json);
    }

    /** As {@code policy.json}: keys sorted, no white space, UTF-8. */
    public byte[] toJson() {
        return LifecyclePolicyJson.write(this);
    }

    /** The first UTC day whose steps have not expired at {@code now}; empty if none ever do. */
    public Optional<LocalDate> firstKeptDay(Instant now) {
        return expireAfterDays.isPresent()
                ? Optional.of(LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(expireAfterDays.getAsInt()))
                : Optional.empty();
    }

    /** The first of the holds that these labels of a capture meet. */
    public Optional<LabelHold> holdOf(Map<String, String> labels) {
        return holds.stream().filter(hold -> hold.holds(labels)).findFirst();
    }

    /**
     * Whether a capture would be kept at {@code now} by its own age and labels. If not, another capture of its session
     * may still hold it; how many revisions its step has is not asked.
     */
    public boolean wouldKeep(CommitRecord capture, Instant now) {
        LocalDate day = LocalDate.ofInstant(capture.capturedAt(), ZoneOffset.UTC);
        return firstKeptDay(now).map(first -> !day.isBefore(first)).orElse(true)
                || holdOf(capture.labels()).isPresent();
    }
}

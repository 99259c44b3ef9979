package io.stepvault.worker.replay;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * Where the range begins and ends in one partition. It is committed with each offset of a shared job, before the
 * worker's own metadata, as {@code range1:<from>:<to>:}: so all that ever work on the job go by the same.
 *
 * @param from the first offset, 0 or more
 * @param to one more than the last offset; not above {@code from} if there is nothing
 */
public record Bounds(long from, long to) {
    private static final Pattern METADATA = Pattern.compile("range1:(\\d{1,18}):(\\d{1,18}):(.*)", Pattern.DOTALL);

    /** A committed offset, taken apart. */
    record Marked(Bounds bounds, OffsetAndMetadata position) {}

    /** Checks the offsets. */
    public Bounds {
        if (from < 0 || to < 0) {
            throw new IllegalArgumentException("offsets are not negative: " + from + ", " + to);
        }
    }

    /** What to commit for {@code position}, which is one of the pipeline's. */
    OffsetAndMetadata mark(OffsetAndMetadata position) {
        return new OffsetAndMetadata(
                position.offset(), position.leaderEpoch(), "range1:" + from + ":" + to + ":" + position.metadata());
    }

    /** Takes apart what was committed; empty if this is no offset of such a job. */
    static Optional<Marked> read(OffsetAndMetadata committed) {
        Matcher matcher = METADATA.matcher(committed.metadata());
        return matcher.matches()
                ? Optional.of(new Marked(
                        new Bounds(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))),
                        new OffsetAndMetadata(committed.offset(), committed.leaderEpoch(), matcher.group(3))))
                : Optional.empty();
    }
}

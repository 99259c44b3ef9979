package io.stepvault.worker.assemble;

import java.time.Duration;
import java.time.Instant;

/**
 * How far a partition has come in time, by which sets are late: how long it was read to its end, and the time that its
 * records have passed.
 *
 * <p>A record's time is what its producer says, and clocks are wrong: the records have passed a time only when so many
 * of them in a row, {@value #RECORDS}, are all later. One producer in the future among others times nothing out.
 *
 * <p>Only the pipeline's thread may touch it.
 */
final class PartitionTime {
    static final int RECORDS = 256;

    private Duration atEnd = Duration.ZERO;
    private long passed = -1;
    private long earliest = Long.MAX_VALUE;
    private int count;

    /** Notes the time of a record, in milliseconds since 1970, or -1 if it has none. */
    void read(long timestamp) {
        if (timestamp < 0) {
            return;
        }
        earliest = Math.min(earliest, timestamp);
        count++;
        if (count == RECORDS) {
            passed = earliest;
            earliest = Long.MAX_VALUE;
            count = 0;
        }
    }

    void wasAtEnd(Duration time) {
        atEnd = atEnd.plus(time);
    }

    /** How long the partition was read to its end, in all. */
    Duration atEnd() {
        return atEnd;
    }

    /** What its records have passed, in milliseconds since 1970, but not more than is true; -1 if that is not known. */
    long passed(Instant now) {
        return Math.min(passed, now.toEpochMilli());
    }
}

package io.stepvault.worker.spool;

import io.stepvault.worker.complete.PendingCompletion;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.TrackedOffset;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A batch in the disk queue, and how far it has come. Only the pipeline's thread may touch it. */
final class Ticket {
    /** Oldest first: file names say when a file was written. */
    static final Comparator<Ticket> BY_AGE = Comparator.comparing((Ticket ticket) -> ticket.entry.file())
            .thenComparingLong(ticket -> ticket.entry.position());

    /** As their records lie on the topic. */
    static final Comparator<Ticket> BY_OFFSET = Comparator.comparingLong((Ticket ticket) -> ticket.entry.firstOffset())
            .thenComparing(BY_AGE);

    private static final long BYTES_PER_ENTRY = 400;
    private static final long BYTES_PER_OFFSET = 120;

    enum State {
        /** On the disk. */
        WAITING,
        /** Being read, or stored. */
        DRAINING,
        /** Stored, and to be removed once its completion is committed. */
        STORED,
        /** Removed. */
        GONE
    }

    /**
     * Who answers for the batch's records, under one assignment. Told apart by identity: that is what a drain checks
     * when it ends.
     */
    static final class Owner {
        final Assignment assignment;
        final List<TrackedOffset> offsets;
        final PendingCompletion place;

        Owner(Assignment assignment, List<TrackedOffset> offsets, PendingCompletion place) {
            this.assignment = assignment;
            this.offsets = offsets;
            this.place = place;
        }
    }

    final SpoolEntry entry;
    State state = State.WAITING;
    /** Null while the partition is somebody else's: then only the bytes are brought to the store. */
    @Nullable
    Owner owner;

    int failures;
    Instant notBefore = Instant.MIN;

    @Nullable
    Instant setAsideAt;

    Ticket(SpoolEntry entry) {
        this.entry = entry;
    }

    /** Whether an assignment answers for it. */
    boolean isOf(Assignment assignment) {
        return owner != null && owner.assignment == assignment;
    }

    /** What it takes up in memory, about. */
    long bytesInMemory() {
        return BYTES_PER_ENTRY + BYTES_PER_OFFSET * entry.offsets().size();
    }
}

package io.stepvault.worker.consume;

import io.stepvault.worker.assemble.RecordInput;
import io.stepvault.worker.batch.SessionBatcher;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.MemoryBudget;
import io.stepvault.worker.flow.SourceRecord;
import io.stepvault.worker.flow.TrackedOffset;
import io.stepvault.worker.metrics.WorkerMetrics;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Takes records in while memory has room for them, and holds back those that were polled when it has not. Records that
 * are settled already, or that the disk queue answers for, are skipped.
 *
 * <p>Pure; only the pipeline's thread may touch it.
 */
public final class RecordIntake {
    private final RecordInput next;
    private final SessionBatcher batches;
    private final MemoryBudget memory;
    private final Predicate<Assignment> isHeldUp;
    private final WorkerMetrics metrics;
    private final Deque<Polled> heldBack = new ArrayDeque<>();

    /**
     * An intake that passes records on to {@code next}.
     *
     * @param isHeldUp whether what is done in a partition cannot be committed before what is not
     */
    public RecordIntake(
            RecordInput next,
            SessionBatcher batches,
            MemoryBudget memory,
            Predicate<Assignment> isHeldUp,
            WorkerMetrics metrics) {
        this.next = next;
        this.batches = batches;
        this.memory = memory;
        this.isHeldUp = isHeldUp;
        this.metrics = metrics;
    }

    /** Takes a record of a partition that is held under {@code assignment}. */
    public void accept(Assignment assignment, ConsumerRecord<byte[], byte[]> record) {
        heldBack.addLast(new Polled(assignment, record.offset(), sourceRecord(record)));
        tick();
    }

    /**
     * Goes on with what was held back: in the order in which it came, except that what takes no memory need not wait
     * behind other partitions that do. Memory may be full of what waits for just that.
     */
    public void tick() {
        Set<Assignment> waiting = new HashSet<>();
        for (Iterator<Polled> each = heldBack.iterator(); each.hasNext(); ) {
            Polled next = each.next();
            boolean mayPass = waiting.isEmpty() ? hasRoomFor(next) : !waiting.contains(next.assignment) && isFree(next);
            if (mayPass) {
                each.remove();
                take(next);
            } else {
                waiting.add(next.assignment);
            }
        }
    }

    private boolean hasRoomFor(Polled polled) {
        return isFree(polled) || (!memory.isFull() && memory.hasRoom(bytesNeeded(polled)));
    }

    /**
     * Whether a record takes no memory; or whether its capture may go over the limit, since everything else in its
     * partition waits for it.
     */
    private boolean isFree(Polled polled) {
        return polled.assignment.isToBeSkipped(polled.offset)
                || (polled.assignment.awaits(polled.offset)
                        && (isHeldUp.test(polled.assignment) || bytesNeeded(polled) == 0));
    }

    private long bytesNeeded(Polled polled) {
        return next.bytesNeededFor(polled.assignment, polled.record);
    }

    private void take(Polled polled) {
        Optional<TrackedOffset> offset = polled.assignment.deliver(polled.offset);
        if (offset.isPresent()) {
            metrics.recordConsumed();
            next.accept(polled.record, offset.get());
        } else {
            metrics.recordSkipped();
            // What is open of the session came before this record, and is to be completed before it.
            polled.assignment
                    .adoptedSession(polled.offset)
                    .ifPresent(session -> batches.cut(polled.assignment, session));
        }
    }

    /** Forgets what was held back of a partition: it goes, or its reader goes back and brings it again. */
    public void discard(Assignment assignment) {
        heldBack.removeIf(polled -> polled.assignment == assignment);
    }

    /** Whether records wait for memory. */
    public boolean isHoldingBack() {
        return !heldBack.isEmpty();
    }

    /** Whether records of an assignment wait for memory. */
    public boolean isHoldingBack(Assignment assignment) {
        return heldBack.stream().anyMatch(polled -> polled.assignment == assignment);
    }

    /** What the first that waits will take up in memory, in bytes; 0 if none waits. */
    public long bytesWanted() {
        return heldBack.isEmpty() ? 0 : next.bytesNeededFor(heldBack.getFirst().assignment, heldBack.getFirst().record);
    }

    /** As the stages know it. */
    public static SourceRecord sourceRecord(ConsumerRecord<byte[], byte[]> record) {
        return new SourceRecord(
                record.key(), record.value(), List.of(record.headers().toArray()), record.timestamp());
    }

    private record Polled(Assignment assignment, long offset, SourceRecord record) {}
}

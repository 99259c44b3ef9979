package io.stepvault.worker.audit;

import io.stepvault.worker.audit.AuditReport.Looked;
import io.stepvault.worker.audit.AuditReport.OfPartition;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts what an audit finds and tells it. For one thread. */
final class AuditTally {
    private final AuditListener listener;
    private final Map<Integer, Partition> partitions = new TreeMap<>();
    private final Map<StoreFinding, Long> store = new EnumMap<>(StoreFinding.class);
    private Looked looked = Looked.AT_NOTHING;
    private long listed;
    private long compared;

    private static final class Partition {
        private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        private long repeats;
    }

    AuditTally(AuditListener listener) {
        this.listener = listener;
    }

    /** A capture that came so many times. */
    void compared(CapturedRevision capture) {
        compared++;
        partition(capture.capture().place()).repeats += capture.count() - 1;
        listener.compared(compared, listed);
    }

    void listed() {
        listed++;
        listener.compared(compared, listed);
    }

    void stored(AuditedCapture capture, Looked closely) {
        looked = looked.plus(closely);
        count(Outcome.STORED, capture.place());
    }

    void found(Outcome outcome, AuditedCapture capture, String detail) {
        count(outcome, capture.place());
        listener.found(Finding.of(outcome, capture, detail));
    }

    void found(Outcome outcome, CapturePlace record, String detail) {
        count(outcome, record);
        listener.found(Finding.of(outcome, record, detail));
    }

    void found(StoreFinding finding, RevisionName name, String detail) {
        store.merge(finding, 1L, Long::sum);
        listener.found(Finding.of(finding, name, detail));
    }

    void stray(String detail) {
        store.merge(StoreFinding.STRAY_OBJECT, 1L, Long::sum);
        listener.found(Finding.stray(detail));
    }

    void lookedFor(long captures, long of) {
        listener.lookedFor(captures, of);
    }

    private void count(Outcome outcome, CapturePlace place) {
        partition(place).outcomes.merge(outcome, 1L, Long::sum);
    }

    private Partition partition(CapturePlace place) {
        return partitions.computeIfAbsent(place.partition(), any -> new Partition());
    }

    AuditReport report(long mostWorkBytes) {
        SortedMap<Integer, OfPartition> counts = new TreeMap<>();
        partitions.forEach(
                (number, partition) -> counts.put(number, new OfPartition(partition.outcomes, partition.repeats)));
        return new AuditReport(counts, store, listed, looked, mostWorkBytes);
    }
}

package io.stepvault.worker.audit;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an audit has come to. Immutable.
 *
 * @param partitions by number, those of which there was anything
 * @param storeFindings what the store holds that the range does not ask for
 * @param revisionsListed how many revisions the store listed
 * @param looked how closely the artifacts were looked at
 * @param mostWorkBytes the most that lay in the work directory at a time
 */
public record AuditReport(
        SortedMap<Integer, OfPartition> partitions,
        Map<StoreFinding, Long> storeFindings,
        long revisionsListed,
        Looked looked,
        long mostWorkBytes) {
    /** Copies. */
    public AuditReport {
        partitions = Collections.unmodifiableSortedMap(new TreeMap<>(partitions));
        storeFindings = Map.copyOf(storeFindings);
    }

    /**
     * What became of a partition's captures, each counted once, where it lies last.
     *
     * @param outcomes how many for each
     * @param repeats how often one of them came again
     */
    public record OfPartition(Map<Outcome, Long> outcomes, long repeats) {
        /** Copies. */
        public OfPartition {
            outcomes = Map.copyOf(outcomes);
        }

        /** How many had this outcome. */
        public long count(Outcome outcome) {
            return outcomes.getOrDefault(outcome, 0L);
        }
    }

    /**
     * How closely artifacts were looked at that are stored and equal, in artifacts.
     *
     * @param bySize by their size alone
     * @param byChecksum by size and the checksum that the store keeps
     * @param byContent by all their bytes
     */
    public record Looked(long bySize, long byChecksum, long byContent) {
        static final Looked AT_NOTHING = new Looked(0, 0, 0);

        Looked plus(Looked other) {
            return new Looked(bySize + other.bySize, byChecksum + other.byChecksum, byContent + other.byContent);
        }
    }

    /** How many captures and records had an outcome. */
    public long count(Outcome outcome) {
        return partitions.values().stream()
                .mapToLong(partition -> partition.count(outcome))
                .sum();
    }

    /** How many there were of something in the store. */
    public long count(StoreFinding finding) {
        return storeFindings.getOrDefault(finding, 0L);
    }

    /** How often a capture came again. */
    public long repeats() {
        return partitions.values().stream().mapToLong(OfPartition::repeats).sum();
    }

    /** Whether nothing was found that somebody has to see to. */
    public boolean isClean() {
        return partitions.values().stream()
                .flatMap(partition -> partition.outcomes().keySet().stream())
                .noneMatch(Outcome::isProblem);
    }
}

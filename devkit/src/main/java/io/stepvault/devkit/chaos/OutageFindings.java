package io.stepvault.devkit.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the workers bore an outage of the store, from what was seen of them. Immutable; safe for any thread.
 *
 * @param samples of the whole run
 * @param from when the store went away, since the run began
 * @param until when it came back
 * @param workers how many there were
 * @param plan what was looked for
 */
record OutageFindings(List<Sample> samples, Duration from, Duration until, int workers, ChaosSettings.Plan plan) {
    /** Before the outage, things go their usual way for so long. */
    static final Duration STEADY = Duration.ofSeconds(20);

    /** Workers read in jerks, and so does whoever looks at them. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(8);

    /** When partitions were first paused. */
    Optional<Duration> firstPaused() {
        return during().stream()
                .filter(sample -> sample.workers().paused() > 0)
                .map(Sample::at)
                .findFirst();
    }

    /** The longest time in the outage, until partitions were paused, in which nobody who looked saw anything read. */
    Duration longestRest() {
        Duration end = firstPaused().orElse(until);
        Duration longest = Duration.ZERO;
        Duration last = from;
        long read = -1;
        for (Sample sample : during()) {
            if (sample.at().compareTo(end) > 0) {
                break;
            }
            if (sample.consumed() > read) {
                read = sample.consumed();
                last = sample.at();
            }
            Duration rest = sample.at().minus(last);
            longest = rest.compareTo(longest) > 0 ? rest : longest;
        }
        return longest;
    }

    /** The fewest members that the group had in the outage. */
    int fewestMembers() {
        return during().stream()
                .flatMap(sample -> sample.members().stream())
                .mapToInt(Integer::intValue)
                .min()
                .orElse(0);
    }

    /** How often a worker went through a rebalance in the outage. */
    long rebalances() {
        List<Sample> during = during();
        return during.isEmpty()
                ? 0
                : during.get(during.size() - 1).workers().rebalances()
                        - during.get(0).workers().rebalances();
    }

    /** Records that were read in the outage. */
    long consumed() {
        List<Sample> during = during();
        return during.isEmpty()
                ? 0
                : during.get(during.size() - 1).consumed() - during.get(0).consumed();
    }

    /** The largest worker's memory at a time: the median over a quarter of the outage, the first or the last. */
    long resident(boolean late) {
        List<Sample> during = during();
        int quarter = Math.max(1, during.size() / 4);
        return during.stream()
                .skip(late ? Math.max(0, during.size() - quarter) : 0)
                .limit(quarter)
                .mapToLong(sample -> sample.workers().largestResidentBytes())
                .sorted()
                .skip(quarter / 2)
                .findFirst()
                .orElse(0);
    }

    /** The most records that waited in the steady time before the outage. */
    long lagBefore() {
        return samples.stream()
                .filter(sample -> sample.at().compareTo(from.minus(STEADY)) >= 0
                        && sample.at().compareTo(from) <= 0)
                .flatMap(sample -> sample.lag().stream())
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
    }

    /** How many records waited when the store came back. */
    long lagAtReturn() {
        return samples.stream()
                .filter(sample -> sample.at().compareTo(until) <= 0)
                .flatMap(sample -> sample.lag().stream())
                .reduce((one, other) -> other)
                .orElse(0L);
    }

    /** Whether all is as before the outage: nothing is on the disks, and no more records wait than did then. */
    boolean isCaughtUp(Sample sample) {
        return sample.at().compareTo(until) > 0
                && sample.workers().spoolBytes() == 0
                && sample.workers().paused() == 0
                && sample.lag().isPresent()
                && sample.lag().get() <= lagBefore();
    }

    /** When that was first so after the outage. */
    Optional<Duration> caughtUp() {
        return samples.stream().filter(this::isCaughtUp).map(Sample::at).findFirst();
    }

    private List<Sample> during() {
        return samples.stream()
                .filter(sample ->
                        sample.at().compareTo(from) >= 0 && sample.at().compareTo(until) <= 0)
                .toList();
    }

    List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        figures.add(Figure.time("outage", "Store away for", until.minus(from)));
        figures.add(Figure.count("outage_consumed", "Records read meanwhile", consumed()));
        figures.add(Figure.time(
                "outage_rest", "Longest time without reading, before partitions were paused", longestRest()));
        figures.add(Figure.time(
                "outage_paused_after",
                firstPaused().isPresent() ? "Partitions first paused after" : "No partition was paused for",
                firstPaused().orElse(until).minus(from)));
        figures.add(Figure.count("outage_members", "Fewest members of the group", fewestMembers()));
        figures.add(Figure.count("outage_rebalances", "Rebalances in the outage, over all workers", rebalances()));
        figures.add(
                Figure.bytes("outage_resident_early", "Largest worker's memory, early in the outage", resident(false)));
        figures.add(
                Figure.bytes("outage_resident_late", "Largest worker's memory, late in the outage", resident(true)));
        figures.add(Figure.count("lag_before", "Records waiting before the outage, at most", lagBefore()));
        figures.add(Figure.count("lag_at_return", "Records waiting when the store came back", lagAtReturn()));
        caughtUp().ifPresent(when -> {
            Duration took = when.minus(until);
            figures.add(Figure.time("caught_up", "Caught up after, under the same load", took));
            long settled = settled(until, when);
            figures.add(Figure.perSecond(
                    "caught_up", "Captures completed meanwhile", settled * 1_000 / Math.max(1, took.toMillis())));
        });
        return figures;
    }

    private long settled(Duration start, Duration end) {
        long before = samples.stream()
                .filter(sample -> sample.at().compareTo(start) <= 0)
                .mapToLong(Sample::completed)
                .max()
                .orElse(0);
        return samples.stream()
                        .filter(sample -> sample.at().compareTo(end) <= 0)
                        .mapToLong(Sample::completed)
                        .max()
                        .orElse(0)
                - before;
    }

    /** What an outage must not do, and what the drill must have shown. */
    List<String> wrongs() {
        List<String> wrongs = new ArrayList<>();
        if (longestRest().compareTo(LONGEST_REST) > 0) {
            wrongs.add(
                    "OUTAGE  nothing was read for " + longestRest().toSeconds() + " s, though no partition was paused");
        }
        if (plan == ChaosSettings.Plan.SMALL_SPOOL && firstPaused().isEmpty()) {
            wrongs.add("OUTAGE  the disk queue was to be full, and no partition was paused: let it last longer");
        }
        if (plan == ChaosSettings.Plan.OUTAGE && firstPaused().isPresent()) {
            wrongs.add("OUTAGE  partitions were paused, though the disk queue had room");
        }
        if (plan == ChaosSettings.Plan.OUTAGE_REBALANCE) {
            if (rebalances() == 0) {
                wrongs.add("OUTAGE  a worker was to join and one to leave, and there was no rebalance");
            }
        } else {
            if (fewestMembers() < workers) {
                wrongs.add("OUTAGE  the group had only " + fewestMembers() + " of " + workers + " members");
            }
            if (rebalances() > 0) {
                wrongs.add("OUTAGE  there were " + rebalances() + " rebalances");
            }
        }
        if (caughtUp().isEmpty()) {
            wrongs.add("OUTAGE  the workers did not catch up");
        }
        return wrongs;
    }
}

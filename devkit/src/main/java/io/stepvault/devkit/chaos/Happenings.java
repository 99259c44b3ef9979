package io.stepvault.devkit.chaos;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts the troubles that there were, and remembers whether anything can be completed now. Safe for any thread. */
final class Happenings {
    private int kills;
    private int stalls;
    private int terminations;
    private int brokerStops;
    private int stopsOfAllBrokers;
    private int storeOutages;
    private Duration storeOutageTime = Duration.ZERO;
    private final Map<String, Duration> storeFaults = new LinkedHashMap<>();
    private boolean storeAway;
    private boolean loadOn;

    /**
     * What there was until now.
     *
     * @param kills workers killed
     * @param stalls workers that stood still for longer than the session timeout
     * @param terminations workers ended in an orderly way
     * @param brokerStops single brokers stopped
     * @param stopsOfAllBrokers times that all brokers were stopped
     * @param store what was wrong with the store
     */
    record Counts(
            int kills, int stalls, int terminations, int brokerStops, int stopsOfAllBrokers, StoreTroubles store) {}

    /**
     * What was wrong with the store.
     *
     * @param outages times that it took nothing at all
     * @param outageTime for how long, together
     * @param faults how long each kind of fault was at work, by its label
     */
    record StoreTroubles(int outages, Duration outageTime, Map<String, Duration> faults) {}

    synchronized void happened(Trouble trouble) {
        if (trouble instanceof Trouble.Kill) {
            kills++;
        } else if (trouble instanceof Trouble.Stall) {
            stalls++;
        } else if (trouble instanceof Trouble.Terminate) {
            terminations++;
        } else if (trouble instanceof Trouble.StopBroker) {
            brokerStops++;
        } else if (trouble instanceof Trouble.StopAllBrokers) {
            stopsOfAllBrokers++;
        }
    }

    /** What is wrong with the store from now on. */
    synchronized void storeIsAway(boolean away) {
        storeAway = away;
    }

    /** So much was wrong with the store. */
    synchronized void storeWas(String fault, boolean away, Duration time) {
        storeFaults.merge(fault, time, Duration::plus);
        if (away) {
            storeOutages++;
            storeOutageTime = storeOutageTime.plus(time);
        }
    }

    /** Whether there is something to store from now on. */
    synchronized void loadIsOn(boolean on) {
        loadOn = on;
    }

    /** Whether completions can be expected now: there is a load, and a store to take it. */
    synchronized boolean areCompletionsDue() {
        return loadOn && !storeAway;
    }

    synchronized Counts counts() {
        return new Counts(
                kills,
                stalls,
                terminations,
                brokerStops,
                stopsOfAllBrokers,
                new StoreTroubles(storeOutages, storeOutageTime, new LinkedHashMap<>(storeFaults)));
    }
}

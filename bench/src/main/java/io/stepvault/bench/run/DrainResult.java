package io.stepvault.bench.run;

import io.stepvault.bench.stub.StubCounts;

/**
 * What one run of a contender was measured to be.
 *
 * @param first when it had committed something for the first time
 * @param last when it had committed what was waited for
 * @param bytesPerCapture of a record's value
 * @param peakResidentBytes of its process
 * @param store what it asked of the store
 * @param garbage what its collector had to do
 */
public record DrainResult(
        Sample first, Sample last, double bytesPerCapture, long peakResidentBytes, StubCounts store, Garbage garbage) {

    /**
     * What a collector had to do.
     *
     * @param bytes allocated
     * @param fullCollections since the first commit; those at the start make room for classes
     */
    public record Garbage(long bytes, int fullCollections) {}

    // With less, chance decides at which moment of its work a contender commits.
    private static final double LEAST_STEADY_SHARE = 0.5;

    /**
     * Per second, from the first commit on; from the start of the process, with all that a JVM does then, if the first
     * commit came so late that too little is left.
     */
    public double capturesPerSecond() {
        return hasSteadyPart()
                ? (last.captures() - first.captures()) / (last.seconds() - first.seconds())
                : last.captures() / last.seconds();
    }

    /** Whether rates begin with the first commit. */
    public boolean hasSteadyPart() {
        return last.captures() - first.captures() >= LEAST_STEADY_SHARE * last.captures();
    }

    /** Megabytes of captures a second; see {@link #capturesPerSecond}. */
    public double megabytesPerSecond() {
        return capturesPerSecond() * bytesPerCapture / 1e6;
    }

    /** CPU seconds for a gigabyte of captures, from the start of the process. */
    public double cpuSecondsPerGigabyte() {
        return last.cpuSeconds() / (last.captures() * bytesPerCapture / 1e9);
    }

    /** The same from the first commit on; see {@link #capturesPerSecond}. */
    public double steadyCpuSecondsPerGigabyte() {
        return hasSteadyPart()
                ? (last.cpuSeconds() - first.cpuSeconds())
                        / ((last.captures() - first.captures()) * bytesPerCapture / 1e9)
                : cpuSecondsPerGigabyte();
    }

    /** Requests to the store for a thousand captures. */
    public double requestsPerThousand() {
        return 1_000.0 * store.requests() / last.captures();
    }

    /** Bytes allocated for a capture, from the start of the process. */
    public double garbagePerCapture() {
        return (double) garbage.bytes() / last.captures();
    }
}

package io.stepvault.bench.report;

import io.stepvault.bench.run.DrainResult;
import java.util.Locale;

/** What is told of a contender. */
public enum Metric {
    /** See {@link DrainResult#capturesPerSecond}. */
    CAPTURES("captures_per_second", "captures/s", 0),
    /** See {@link DrainResult#megabytesPerSecond}. */
    MEGABYTES("megabytes_per_second", "MB/s", 0),
    /** See {@link DrainResult#cpuSecondsPerGigabyte}. */
    CPU("cpu_seconds_per_gigabyte", "CPU s/GB", 2),
    /** See {@link DrainResult#steadyCpuSecondsPerGigabyte}. */
    STEADY_CPU("steady_cpu_seconds_per_gigabyte", "steady", 2),
    /** Megabytes; see {@link DrainResult#peakResidentBytes}. */
    RESIDENT("peak_resident_megabytes", "peak MB", 0),
    /** See {@link DrainResult#requestsPerThousand}. */
    REQUESTS("requests_per_thousand_captures", "requests/1,000", 0),
    /** Kilobytes; see {@link DrainResult#garbagePerCapture}. */
    GARBAGE("garbage_kilobytes_per_capture", "garbage KB", 0),
    /** See {@link DrainResult.Garbage#fullCollections}. */
    FULL_COLLECTIONS("full_collections", "full GCs", 0);

    private final String key;
    private final String heading;
    private final int decimals;

    Metric(String key, String heading, int decimals) {
        this.key = key;
        this.heading = heading;
        this.decimals = decimals;
    }

    /** How JSON calls it. */
    public String key() {
        return key;
    }

    /** How tables call it. */
    public String heading() {
        return heading;
    }

    /** What one run had. */
    public double of(DrainResult result) {
        return switch (this) {
            case CAPTURES -> result.capturesPerSecond();
            case MEGABYTES -> result.megabytesPerSecond();
            case CPU -> result.cpuSecondsPerGigabyte();
            case STEADY_CPU -> result.steadyCpuSecondsPerGigabyte();
            case RESIDENT -> result.peakResidentBytes() / 1e6;
            case REQUESTS -> result.requestsPerThousand();
            case GARBAGE -> result.garbagePerCapture() / 1e3;
            case FULL_COLLECTIONS -> result.garbage().fullCollections();
        };
    }

    /** As tables show it. */
    public String text(double amount) {
        return String.format(Locale.ROOT, "%,." + decimals + "f", amount);
    }
}

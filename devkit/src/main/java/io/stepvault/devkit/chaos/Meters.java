package io.stepvault.devkit.chaos;

import java.util.HashMap;
import java.util.Map;

/**
 * What a worker says on {@code /metrics}, by the meters' names; of a meter with labels, the sum over all of them.
 * Immutable; safe for any thread.
 */
record Meters(Map<String, Double> values) {
    /** Reads Prometheus' text format, version 0.0.4. */
    static Meters parse(String text) {
        Map<String, Double> values = new HashMap<>();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int blank = line.lastIndexOf(' ');
            if (blank > 0) {
                int labels = line.indexOf('{');
                String name = line.substring(0, labels < 0 ? blank : labels);
                values.merge(name, number(line.substring(blank + 1)), Double::sum);
            }
        });
        return new Meters(values);
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            return Double.NaN; // as Prometheus writes infinity, for one
        }
    }

    /** 0 if there is no such meter yet. */
    long value(String name) {
        return values.getOrDefault(name, 0.0).longValue();
    }

    long consumed() {
        return value("stepvault_records_consumed_total");
    }

    long paused() {
        return value("stepvault_partitions_paused");
    }

    long spoolBytes() {
        return value("stepvault_spool_used_bytes");
    }

    /** Batches on the disk, or in memory on their way to disk or store. */
    long batchesHeld() {
        return value("stepvault_spool_batches") + value("stepvault_batches_open") + value("stepvault_batches_waiting");
    }

    long rebalances() {
        return value("kafka_consumer_coordinator_rebalance_total");
    }
}

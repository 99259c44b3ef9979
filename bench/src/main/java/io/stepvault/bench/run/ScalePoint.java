package io.stepvault.bench.run;

import io.stepvault.bench.data.DataSet;

/**
 * One line of a series: everything is as it was in the line before but for one thing.
 *
 * @param label the value of that thing
 * @param data to be drained
 * @param partitions of the topic
 * @param heap of the worker, as {@code 256m}
 */
public record ScalePoint(String label, DataSet data, int partitions, String heap) {}

package io.stepvault.bench.run;

/**
 * How far a contender was at some moment.
 *
 * @param seconds since its process was started
 * @param captures that its group has committed
 * @param cpuSeconds that its process has used
 */
public record Sample(double seconds, long captures, double cpuSeconds) {}

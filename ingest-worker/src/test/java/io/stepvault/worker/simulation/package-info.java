/**
 * A deterministic simulation: several workers, the brokers, the store, disks and the clock in one thread, moved by a
 * seed. The workers are real from the consumer's loop to the spool files; what they touch of the outside is simulated,
 * with its faults, and every step of theirs is checked against the eleven invariants.
 */
@NullMarked
package io.stepvault.worker.simulation;

import org.jspecify.annotations.NullMarked;

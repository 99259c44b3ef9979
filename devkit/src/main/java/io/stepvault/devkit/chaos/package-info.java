/**
 * The subcommand {@code chaos}: real brokers, a real S3 server and real worker processes under a steady load, while they
 * are killed, stopped and lied to at random; and at the end an account of every capture. It knows the workers as their
 * operator does: by their configuration, their signals, {@code /metrics}, the topics and the store.
 */
@NullMarked
package io.stepvault.devkit.chaos;

import org.jspecify.annotations.NullMarked;

/**
 * {@code stepvault lifecycle}: what is kept in a store, for how long, and how it goes. Each subcommand is a small class;
 * {@link io.stepvault.worker.cli.lifecycle.RemovalWork} is what those that remove things have in common.
 */
@NullMarked
package io.stepvault.worker.cli.lifecycle;

import org.jspecify.annotations.NullMarked;

/**
 * What an operator can set, and the reference of it. One declarative list of keys ({@link
 * io.stepvault.worker.config.WorkerKeys}) says each key's type, default, range and meaning; parsing, the suggestion for a
 * mistyped key and {@code docs/configuration.md} are derived from it. The records below {@link
 * io.stepvault.worker.config.WorkerConfig} are what the stages are built from. Nothing here builds a component or
 * reads more than the configuration file.
 */
@NullMarked
package io.stepvault.worker.config;

import org.jspecify.annotations.NullMarked;

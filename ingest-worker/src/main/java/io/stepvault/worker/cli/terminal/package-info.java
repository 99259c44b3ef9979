/**
 * What commands write with: text that no hostile id can turn against a terminal, tables, a progress bar and JSON. Knows
 * nothing of Stepvault's own things.
 */
@NullMarked
package io.stepvault.worker.cli.terminal;

import org.jspecify.annotations.NullMarked;

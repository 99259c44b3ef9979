/**
 * The command line: {@link io.stepvault.worker.cli.Stepvault} puts the tree of subcommands together, each a small class
 * of its own. Exit codes are 0 (done), 1 (found problems), 2 (usage) and 3 (could not run); what goes wrong is said in
 * single lines, each with the mend.
 */
@NullMarked
package io.stepvault.worker.cli;

import org.jspecify.annotations.NullMarked;

/** Tests of the subcommands demo and dev. */
@NullMarked
package io.stepvault.devkit;

import org.jspecify.annotations.NullMarked;

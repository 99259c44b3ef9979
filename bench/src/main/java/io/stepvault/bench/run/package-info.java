/** Runs contenders one after the other, each in a process of its own, and measures them from outside. */
@NullMarked
package io.stepvault.bench.run;

import org.jspecify.annotations.NullMarked;

/** What was measured, for people and programs: table, JSON, plot, targets. Pure. */
@NullMarked
package io.stepvault.bench.report;

import org.jspecify.annotations.NullMarked;

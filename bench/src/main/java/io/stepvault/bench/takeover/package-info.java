/** How soon others go on with what a worker that died had in hand. */
@NullMarked
package io.stepvault.bench.takeover;

import org.jspecify.annotations.NullMarked;

/** The contenders: programs that move a topic of captures to a store, each in a process of its own. */
@NullMarked
package io.stepvault.bench.drain;

import org.jspecify.annotations.NullMarked;

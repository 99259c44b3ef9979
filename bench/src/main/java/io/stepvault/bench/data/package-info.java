/** The captures that are drained: made from a seed, the same at every run, and put on a topic once. */
@NullMarked
package io.stepvault.bench.data;

import org.jspecify.annotations.NullMarked;

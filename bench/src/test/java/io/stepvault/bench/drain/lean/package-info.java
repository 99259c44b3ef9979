@NullMarked
package io.stepvault.bench.drain.lean;

import org.jspecify.annotations.NullMarked;

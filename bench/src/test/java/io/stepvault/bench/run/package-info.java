/** Tests. */
@NullMarked
package io.stepvault.bench.run;

import org.jspecify.annotations.NullMarked;

/** Tests. */
@NullMarked
package io.stepvault.bench.data;

import org.jspecify.annotations.NullMarked;

/** Tests. */
@NullMarked
package io.stepvault.bench.stub;

import org.jspecify.annotations.NullMarked;

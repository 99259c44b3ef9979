/** Tests. */
@NullMarked
package io.stepvault.bench.report;

import org.jspecify.annotations.NullMarked;

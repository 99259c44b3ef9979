/** Micrometer meters of a publisher, for applications that have Micrometer on their class path. */
@NullMarked
package io.stepvault.producer.metrics;

import org.jspecify.annotations.NullMarked;

/** Tests of the meters. */
@NullMarked
package io.stepvault.producer.metrics;

import org.jspecify.annotations.NullMarked;

/** The broker that contenders read from. */
@NullMarked
package io.stepvault.bench.broker;

import org.jspecify.annotations.NullMarked;

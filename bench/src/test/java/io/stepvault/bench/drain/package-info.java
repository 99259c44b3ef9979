@NullMarked
package io.stepvault.bench.drain;

import org.jspecify.annotations.NullMarked;

@NullMarked
package io.stepvault.bench.producer;

import org.jspecify.annotations.NullMarked;

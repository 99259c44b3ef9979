/** Whatever is amiss in a store is seen. */
@NullMarked
package io.stepvault.devkit.readback;

import org.jspecify.annotations.NullMarked;

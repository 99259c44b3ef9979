/** What was published, by its names, and whether the store gives it back byte for byte. */
@NullMarked
package io.stepvault.devkit.readback;

import org.jspecify.annotations.NullMarked;

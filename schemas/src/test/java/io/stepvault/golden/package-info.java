/** Holds this implementation to the golden files, which define the formats for every other. */
@NullMarked
package io.stepvault.golden;

import org.jspecify.annotations.NullMarked;

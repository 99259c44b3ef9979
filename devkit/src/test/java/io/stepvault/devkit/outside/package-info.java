/** A pipeline for producers that are not ours: programs in other languages, and records made by hand. */
@NullMarked
package io.stepvault.devkit.outside;

import org.jspecify.annotations.NullMarked;

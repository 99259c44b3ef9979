/** Measures what the documentation claims, in a form that anyone can repeat. */
@NullMarked
package io.stepvault.bench;

import org.jspecify.annotations.NullMarked;

/** The front misbehaves as it is told, and not otherwise. */
@NullMarked
package io.stepvault.embedded.front;

import org.jspecify.annotations.NullMarked;

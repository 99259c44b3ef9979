/** A schema registry for tests, also those of other modules. */
@NullMarked
package io.stepvault.registry.testing;

import org.jspecify.annotations.NullMarked;

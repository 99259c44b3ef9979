/** An object store in memory that fails when told to: for tests and simulations, ours and users'. */
@NullMarked
package io.stepvault.storage.memory;

import org.jspecify.annotations.NullMarked;

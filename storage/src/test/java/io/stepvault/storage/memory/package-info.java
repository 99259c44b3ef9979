@NullMarked
package io.stepvault.storage.memory;

import org.jspecify.annotations.NullMarked;

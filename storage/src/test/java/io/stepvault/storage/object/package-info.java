@NullMarked
package io.stepvault.storage.object;

import org.jspecify.annotations.NullMarked;

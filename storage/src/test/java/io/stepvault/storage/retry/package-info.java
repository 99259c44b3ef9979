@NullMarked
package io.stepvault.storage.retry;

import org.jspecify.annotations.NullMarked;

/** Decorators of the object store's roles: retries with jitter, and a bound on puts in flight. */
@NullMarked
package io.stepvault.storage.retry;

import org.jspecify.annotations.NullMarked;

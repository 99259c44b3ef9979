/**
 * What an object store must be able to do, as small roles that a backend composes, and how it fails. The backends, the
 * retries and the step store all speak these types and no vendor's.
 */
@NullMarked
package io.stepvault.storage.object;

import org.jspecify.annotations.NullMarked;

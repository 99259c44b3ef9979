/**
 * Dead letters: records that can never be stored, as they lie on the dead-letter topic.
 */
@NullMarked
package io.stepvault.worker.deadletter;

import org.jspecify.annotations.NullMarked;

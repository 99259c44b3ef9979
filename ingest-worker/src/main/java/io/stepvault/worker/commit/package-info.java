/**
 * The last stage: publishes completions and commits the offsets they cover, no offset before its capture is stored.
 */
@NullMarked
package io.stepvault.worker.commit;

import org.jspecify.annotations.NullMarked;

/**
 * The disk queue: keeps session batches that the store does not take, and brings them back when it does.
 */
@NullMarked
package io.stepvault.worker.spool;

import org.jspecify.annotations.NullMarked;

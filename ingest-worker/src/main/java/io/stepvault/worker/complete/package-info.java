/**
 * The fourth stage: turns stored batches into completion events, in offset order per session.
 */
@NullMarked
package io.stepvault.worker.complete;

import org.jspecify.annotations.NullMarked;

/**
 * The third stage: puts session batches into the store, and waits out the store's outages.
 */
@NullMarked
package io.stepvault.worker.store;

import org.jspecify.annotations.NullMarked;

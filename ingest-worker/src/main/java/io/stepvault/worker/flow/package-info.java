/**
 * What flows through the pipeline: captures, session batches, and the offset handles that travel with them.
 */
@NullMarked
package io.stepvault.worker.flow;

import org.jspecify.annotations.NullMarked;

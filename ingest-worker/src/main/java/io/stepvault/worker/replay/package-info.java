/**
 * Reads a range of the topic again, beside the live group: through the pipeline that the worker has, with other edges.
 * Where a partition's range begins and ends is fixed once and committed with the offsets; what is stored already is not
 * sent again.
 */
@NullMarked
package io.stepvault.worker.replay;

import org.jspecify.annotations.NullMarked;

/**
 * Sorts more than fits into memory: pieces are sorted in memory, written to files of a work directory, and merged. Memory
 * is bounded by {@link io.stepvault.worker.audit.sort.SortLimits}, whatever is sorted.
 */
@NullMarked
package io.stepvault.worker.audit.sort;

import org.jspecify.annotations.NullMarked;

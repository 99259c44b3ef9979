/**
 * Compares what a range of a topic holds with what is stored. Captures come in through {@link
 * io.stepvault.worker.audit.AuditInput}, are sorted in the order of the store's keys, and are matched with the store's own
 * listing; what is missing is looked for among dead letters and in disk queues. Memory is constant, whatever the range.
 */
@NullMarked
package io.stepvault.worker.audit;

import org.jspecify.annotations.NullMarked;

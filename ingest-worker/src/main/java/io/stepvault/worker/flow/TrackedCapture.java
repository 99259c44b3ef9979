package io.stepvault.worker.flow;

import io.stepvault.event.StepCapture;

/**
 * A capture and the handle of the record that carried it.
 *
 * @param bytes what it counts against budgets, in bytes
 */
public record TrackedCapture(StepCapture capture, TrackedOffset offset, long bytes) {}

package io.stepvault.worker.audit;

/** A capture to be stored again. Immutable. */
public record MissingCapture(RevisionName name, CapturePlace place) {}

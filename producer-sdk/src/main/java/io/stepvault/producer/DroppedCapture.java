package io.stepvault.producer;

/**
 * A capture that was dropped.
 *
 * @param id which capture
 * @param reason why
 * @param detail one sentence for a person; never the content
 */
public record DroppedCapture(CaptureId id, DropReason reason, String detail) {}

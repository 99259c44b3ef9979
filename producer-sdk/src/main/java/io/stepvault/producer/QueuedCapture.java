package io.stepvault.producer;

import io.stepvault.event.StepCapture;

/**
 * A capture in the queue.
 *
 * @param ticket its ticket
 * @param capture as published
 * @param bytes its size, serialized
 */
record QueuedCapture(Ticket ticket, StepCapture capture, long bytes) {

    /** The capture with its sequence number, sharing everything else. */
    @SuppressWarnings("NullAway") // the generated constructor takes null for what is not given
    StepCapture numbered() {
        return capture.getSequence().isPresent()
                ? capture
                : new StepCapture(
                        capture.getSessionId(),
                        capture.getStepId(),
                        capture.getCapturedAt(),
                        ticket.id().sequence().orElse(null),
                        capture.getUrl().orElse(null),
                        capture.getHtml().orElse(null),
                        capture.getScreenshot().orElse(null),
                        capture.getAction().orElse(null),
                        capture.getAttachments(),
                        capture.getLabels(),
                        capture.getEndOfSession());
    }

    /** Shows no content. */
    @Override
    public String toString() {
        return "QueuedCapture[" + ticket.number() + ", " + bytes + " bytes]";
    }
}

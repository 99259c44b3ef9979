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
    StepCapture numbered() {
        return Sequences.numbered(capture, ticket.id().sequence());
    }

    /** Shows no content. */
    @Override
    public String toString() {
        return "QueuedCapture[" + ticket.number() + ", " + bytes + " bytes]";
    }
}

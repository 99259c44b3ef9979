package io.stepvault.producer;

/**
 * What a publisher left behind when it was closed.
 *
 * @param abandonedInQueue captures that never left the queue
 * @param abandonedInFlight captures taken from the queue that the broker did not acknowledge; it may have them
 */
public record CloseReport(long abandonedInQueue, long abandonedInFlight) {
    /** Whether every accepted capture was settled before the publisher closed. */
    public boolean nothingLeft() {
        return abandonedInQueue == 0 && abandonedInFlight == 0;
    }
}

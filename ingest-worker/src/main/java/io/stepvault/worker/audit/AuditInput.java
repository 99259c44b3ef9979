package io.stepvault.worker.audit;

/** Takes what a range of a topic holds, in any order. For one thread. */
public interface AuditInput {
    /**
     * A capture that a worker would store. The same one may come more than once.
     *
     * @throws java.io.UncheckedIOException if the work directory is full, or fails
     */
    void captured(AuditedCapture capture);

    /**
     * A record that no worker can store: it should be a dead letter.
     *
     * @param reason its code; see {@link io.stepvault.capture.Rejection.Reason}
     * @throws java.io.UncheckedIOException if the work directory is full, or fails
     */
    void refused(CapturePlace place, String reason);
}

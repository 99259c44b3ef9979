package io.stepvault.producer;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Captures in order, bounded by bytes and count.
 *
 * <p>Not safe for concurrent use: {@link Outbox} guards it.
 */
final class CaptureQueue {
    private final long maxBytes;
    private final int maxCount;
    private final Deque<QueuedCapture> captures = new ArrayDeque<>();
    private long bytes;

    CaptureQueue(long maxBytes, int maxCount) {
        this.maxBytes = maxBytes;
        this.maxCount = maxCount;
    }

    /** Whether one more capture of this size fits. */
    boolean hasRoomFor(long captureBytes) {
        return captures.size() < maxCount && captureBytes <= maxBytes - bytes;
    }

    /** Appends a capture for which there is room. */
    void add(QueuedCapture capture) {
        if (!hasRoomFor(capture.bytes())) {
            throw new IllegalStateException("the queue has no room for " + capture);
        }
        captures.addLast(capture);
        bytes += capture.bytes();
    }

    /** Takes the oldest capture out; null if there is none. */
    @Nullable
    QueuedCapture poll() {
        QueuedCapture oldest = captures.pollFirst();
        if (oldest != null) {
            bytes -= oldest.bytes();
        }
        return oldest;
    }

    int count() {
        return captures.size();
    }

    long bytes() {
        return bytes;
    }
}

package io.stepvault.worker.batch;

import io.stepvault.capture.ArtifactName;
import io.stepvault.event.StepCapture;
import io.stepvault.worker.flow.Assignment;
import io.stepvault.worker.flow.SessionBatch;
import io.stepvault.worker.flow.TrackedCapture;
import io.stepvault.worker.metrics.WorkerMetrics;
import io.stepvault.worker.store.BatchInput;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers captures by partition and session, and passes a batch on when it is old or full enough, when its session
 * ends, or when it has to go.
 *
 * <p>Pure: time comes from the clock, and nothing happens but by a call. Only the pipeline's thread may touch it.
 */
public final class SessionBatcher implements CaptureInput {
    /** What a completion event spends on an artifact besides its names: hash, size, URI scheme, bucket, prefix. */
    private static final int COMPLETION_BYTES_PER_ARTIFACT = 512;

    private static final int COMPLETION_BYTES_PER_STEP = 128;

    private final BatchLimits limits;
    private final Clock clock;
    private final BatchInput store;
    private final WorkerMetrics metrics;

    // In order of opening, which is the order of age: the oldest is always the first.
    private final Map<Key, OpenBatch> open = new LinkedHashMap<>();
    private long openBytes;

    /** A stage that passes full batches on to {@code store}. */
    public SessionBatcher(BatchLimits limits, Clock clock, BatchInput store, WorkerMetrics metrics) {
        this.limits = limits;
        this.clock = clock;
        this.store = store;
        this.metrics = metrics;
    }

    @Override
    public void accept(TrackedCapture capture) {
        Key key = new Key(capture.offset().assignment(), capture.capture().getSessionId());
        OpenBatch batch = open.get(key);
        int completionBytes = completionBytes(capture.capture());
        if (batch != null && batch.completionBytes + completionBytes > limits.maxCompletionBytes()) {
            close(key, FlushTrigger.COMPLETION_SIZE);
            batch = null;
        }
        if (batch != null && !batch.isContinuedBy(capture)) {
            close(key, FlushTrigger.ORDER);
            batch = null;
        }
        if (batch == null) {
            batch = new OpenBatch(clock.instant(), isReadAgain(capture));
            open.put(key, batch);
        }
        batch.captures.add(capture);
        batch.bytes += capture.bytes();
        openBytes += capture.bytes();
        batch.completionBytes += completionBytes;
        if (capture.capture().getEndOfSession()) {
            close(key, FlushTrigger.END_OF_SESSION);
        } else if (batch.bytes >= limits.maxBytes()) {
            close(key, FlushTrigger.BYTES);
        } else if (batch.captures.size() >= limits.maxSteps()) {
            close(key, FlushTrigger.STEPS);
        }
    }

    /** Closes every batch that is old enough by now. */
    public void tick() {
        Instant openedBefore = clock.instant().minus(limits.maxAge());
        while (!open.isEmpty() && !oldest().getValue().openedAt.isAfter(openedBefore)) {
            close(oldest().getKey(), FlushTrigger.AGE);
        }
    }

    /**
     * Closes batches, oldest first, until the open ones hold no more than {@code maxOpenBytes}: memory is full, and only
     * what is stored leaves it.
     */
    public void relieveMemory(long maxOpenBytes) {
        while (openBytes > maxOpenBytes) {
            close(oldest().getKey(), FlushTrigger.MEMORY);
        }
    }

    /** Closes the open batch of a session, if it has one: what comes next belongs behind something else. */
    public void cut(Assignment assignment, String sessionId) {
        Key key = new Key(assignment, sessionId);
        if (open.containsKey(key)) {
            close(key, FlushTrigger.ORDER);
        }
    }

    /** Closes every batch of an assignment that is about to end. */
    public void flush(Assignment assignment) {
        for (Key key : List.copyOf(open.keySet())) {
            if (key.assignment == assignment) {
                close(key, FlushTrigger.LEAVING);
            }
        }
    }

    /**
     * Forgets the open batches of an assignment that has ended; another worker reads their records again.
     *
     * @return the bytes of memory that they held
     */
    public long discard(Assignment assignment) {
        long bytes = 0;
        for (Iterator<Map.Entry<Key, OpenBatch>> each = open.entrySet().iterator(); each.hasNext(); ) {
            Map.Entry<Key, OpenBatch> batch = each.next();
            if (batch.getKey().assignment == assignment) {
                bytes += batch.getValue().bytes;
                each.remove();
            }
        }
        openBytes -= bytes;
        return bytes;
    }

    /** The number of open batches. */
    public int openBatches() {
        return open.size();
    }

    private Map.Entry<Key, OpenBatch> oldest() {
        return open.entrySet().iterator().next();
    }

    private void close(Key key, FlushTrigger trigger) {
        OpenBatch batch = open.remove(key);
        if (batch == null) {
            throw new IllegalStateException("no open batch for " + key.assignment);
        }
        openBytes -= batch.bytes;
        metrics.batchFlushed(trigger.name(), batch.captures.size(), batch.bytes);
        store.accept(new SessionBatch(key.assignment, key.sessionId, batch.captures, batch.bytes));
    }

    /** Ids and names count once as text and once, at most three times as long, within the URI. */
    private static int completionBytes(StepCapture capture) {
        int ids = capture.getSessionId().length() + capture.getStepId().length();
        int bytes = COMPLETION_BYTES_PER_STEP + ids;
        for (String artifact : ArtifactName.artifactsOf(capture).keySet()) {
            bytes += COMPLETION_BYTES_PER_ARTIFACT + 4 * (ids + artifact.length());
        }
        return bytes;
    }

    /** Whether its reader had come further before it came. */
    private static boolean isReadAgain(TrackedCapture capture) {
        return capture.offset().offset() + 1 < capture.offset().assignment().position();
    }

    /** Assignments are told apart by identity; see {@link Assignment}. */
    private record Key(Assignment assignment, String sessionId) {}

    private static final class OpenBatch {
        private final Instant openedAt;
        private final boolean readAgain;
        private final List<TrackedCapture> captures = new ArrayList<>();
        private long bytes;
        private int completionBytes;

        OpenBatch(Instant openedAt, boolean readAgain) {
            this.openedAt = openedAt;
            this.readAgain = readAgain;
        }

        /**
         * What is read again comes late, but only that: were it in one batch with what is read for the first time, that
         * would be completed out of order too, behind or before the batches between them.
         */
        boolean isContinuedBy(TrackedCapture capture) {
            TrackedCapture last = captures.get(captures.size() - 1);
            return readAgain == isReadAgain(capture)
                    && last.offset().offset() < capture.offset().offset();
        }
    }
}

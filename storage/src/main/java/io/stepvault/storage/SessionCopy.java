package io.stepvault.storage;

import io.stepvault.storage.object.StoreException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies sessions from one store to another: all revisions of all their steps, each read, checked, and stored by the
 * target as any capture is. What the target has is left alone, so a copy that was broken off is simply made again. Where
 * captures came from (the objects' metadata) is not copied.
 *
 * <p>Sessions that are deleted at the target stay deleted, and what expires at the source meanwhile is left out. What is
 * stored at the source meanwhile is copied or not.
 *
 * <p>In memory are the artifacts of one capture for each thread. Calls block. For one call at a time; the stores stay
 * open.
 */
public final class SessionCopy {
    private static final int PAGE = 1_000;
    private static final int TOGETHER = 64;
    private static final int MAX_REMEMBERED = 100_000;
    private static final int OUTAGES = 16;

    /** Is told how a copy goes, by the thread that called for it. */
    public interface Listener {
        /**
         * Something has been done.
         *
         * @param sessionId the session that is being copied
         * @param soFar what this call has done up to here
         */
        default void progress(String sessionId, Copied soFar) {}

        /** A capture could not be copied; the copy goes on. */
        default void failed(StepAddress capture, StoreException cause) {}
    }

    private final StepStore from;
    private final StepStore to;
    private final int threads;
    private final Listener listener;

    /**
     * Copies by {@code threads} threads, at least 1.
     *
     * @param listener is told how it goes
     */
    public SessionCopy(StepStore from, StepStore to, int threads, Listener listener) {
        if (threads < 1) {
            throw new IllegalArgumentException("at least 1 thread is needed, not " + threads);
        }
        this.from = from;
        this.to = to;
        this.threads = threads;
        this.listener = listener;
    }

    /**
     * Copies one session.
     *
     * @throws StoreException if a store cannot be listed, or 16 captures in a row fail because a store is out
     */
    public Copied session(String sessionId) {
        try (Run run = new Run()) {
            run.session(sessionId);
            return run.copied;
        }
    }

    /**
     * Copies the sessions that {@code filter} takes, whole: also what was captured of them on other days.
     *
     * @throws StoreException if a store cannot be listed, or 16 captures in a row fail because a store is out
     */
    public Copied sessions(SessionFilter filter) {
        try (Run run = new Run()) {
            if (filter.from().isEmpty() && filter.to().isEmpty()) {
                new Pages<>(PAGE, page -> from.sessionIds(filter.idPrefix(), page)).forEachRemaining(run::session);
                return run.copied;
            }
            // A session is listed on each of its days. One that was forgotten is listed again, and is there already.
            Map<String, Boolean> seen = new Recent();
            new Pages<>(PAGE, page -> from.sessions(filter, page)).forEachRemaining(entry -> {
                if (seen.put(entry.sessionId(), true) == null) {
                    run.session(entry.sessionId());
                }
            });
            return run.copied;
        }
    }

    private static final class Recent extends LinkedHashMap<String, Boolean> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MAX_REMEMBERED;
        }
    }

    /** One call. */
    private final class Run implements AutoCloseable {
        private final ParallelCalls calls = new ParallelCalls(from.location().toString(), "stepvault-copy-", threads);
        private final CaptureCopy copy = new CaptureCopy(from, to);
        private Copied copied = Copied.NOTHING;
        private int outages;

        void session(String sessionId) {
            if (to.isDeleted(sessionId)) {
                copied = copied.plus(Copied.oneDeletedSession());
            } else {
                copyMissing(sessionId);
                copied = copied.plus(Copied.oneSession());
            }
            listener.progress(sessionId, copied);
        }

        /** Both stores list captures in the same order, so that one look at each page is enough. */
        private void copyMissing(String sessionId) {
            Pages<StepEntry> source = new Pages<>(PAGE, page -> from.revisions(sessionId, page));
            Pages<StepEntry> target = new Pages<>(PAGE, page -> to.revisions(sessionId, page));
            List<StepEntry> missing = new ArrayList<>();
            while (source.hasNext()) {
                StepEntry capture = source.next();
                while (target.hasNext() && KeyOrder.OF_REVISIONS.compare(target.peek(), capture) < 0) {
                    target.next();
                }
                if (target.hasNext() && target.peek().equals(capture)) {
                    copied = copied.plus(Copied.oneAlreadyThere());
                } else {
                    missing.add(capture);
                }
                if (missing.size() == TOGETHER || !source.hasNext()) {
                    copyAll(missing);
                    missing.clear();
                    listener.progress(sessionId, copied);
                }
            }
        }

        private void copyAll(List<StepEntry> missing) {
            for (CaptureCopy.Outcome outcome : calls.all(missing, copy::copy)) {
                copied = copied.plus(outcome.copied());
                outcome.cause().ifPresent(cause -> listener.failed(outcome.capture(), cause));
                boolean outage = outcome.cause().map(StoreException::isOutage).orElse(false);
                outages = outage ? outages + 1 : 0;
                if (outages == OUTAGES) {
                    throw outcome.cause().orElseThrow();
                }
            }
        }

        @Override
        public void close() {
            calls.close();
        }
    }
}

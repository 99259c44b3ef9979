package io.stepvault.worker.audit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Puts captures together that are the same. They come sorted by name, then place. For one thread. */
final class CaptureGroups implements Iterator<CapturedRevision> {
    /** Of more places only so many, the last ones, are kept: whoever publishes a capture a million times gets one row. */
    static final int MAX_PLACES = 100;

    private final Iterator<AuditedCapture> captures;
    private @Nullable AuditedCapture ahead;

    CaptureGroups(Iterator<AuditedCapture> captures) {
        this.captures = captures;
    }

    @Override
    public boolean hasNext() {
        return ahead != null || captures.hasNext();
    }

    @Override
    public CapturedRevision next() {
        if (!hasNext()) {
            throw new NoSuchElementException("all captures have been given");
        }
        AuditedCapture last = ahead != null ? ahead : captures.next();
        ahead = null;
        Deque<CapturePlace> places = new ArrayDeque<>();
        places.add(last.place());
        long count = 1;
        while (ahead == null && captures.hasNext()) {
            AuditedCapture next = captures.next();
            if (!next.isRepeatOf(last)) {
                ahead = next;
            } else if (!next.place().equals(last.place())) { // else it was read twice, as after a rebalance
                last = next;
                count++;
                places.addLast(next.place());
                if (places.size() > MAX_PLACES) {
                    places.removeFirst();
                }
            }
        }
        return new CapturedRevision(last, places.stream().toList(), count);
    }
}

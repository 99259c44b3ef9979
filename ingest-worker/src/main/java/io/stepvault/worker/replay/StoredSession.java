package io.stepvault.worker.replay;

import io.stepvault.capture.Revision;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The revisions that are stored of some steps of a session, as far as is known, and those that are on their way. Safe for
 * any thread.
 */
final class StoredSession {
    private final Map<String, NavigableMap<Revision, Boolean>> steps = new HashMap<>();
    private int size;

    /** Notes that a revision is stored. */
    synchronized void add(String stepId, Revision revision) {
        put(stepId, revision, true);
    }

    /** Notes that a revision is on its way, unless it is stored. */
    synchronized void expect(String stepId, Revision revision) {
        if (!has(stepId, revision)) {
            put(stepId, revision, false);
        }
    }

    /** Notes that a revision on its way did not arrive. */
    synchronized void expectNoMore(String stepId, Revision revision) {
        NavigableMap<Revision, Boolean> revisions = steps.get(stepId);
        if (revisions != null && revisions.remove(revision, false)) {
            size--;
        }
    }

    private void put(String stepId, Revision revision, boolean isStored) {
        Boolean before = steps.computeIfAbsent(stepId, any -> new TreeMap<>()).put(revision, isStored);
        size += before == null ? 1 : 0;
    }

    /** Whether a revision is stored. */
    synchronized boolean has(String stepId, Revision revision) {
        NavigableMap<Revision, Boolean> revisions = steps.get(stepId);
        return revisions != null && revisions.getOrDefault(revision, false);
    }

    /** How many later revisions of a step there are, or will be. */
    synchronized int laterThan(String stepId, Revision revision) {
        NavigableMap<Revision, Boolean> revisions = steps.get(stepId);
        return revisions == null ? 0 : revisions.tailMap(revision, false).size();
    }

    synchronized int size() {
        return size;
    }
}

package io.stepvault.storage;

import io.stepvault.capture.CommitRecord;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Tells which sessions the policy's labels hold: those of which any committed revision carries one. Asks nothing if
 * the policy holds nothing. Commit records never change, so each is read once while the questions are about one session.
 * For one thread.
 */
final class Holds {
    private final LifecyclePolicy policy;
    private final Sweep sweep;
    private final CheckedReader reader;
    private final ObjectsLayout layout;
    private final Set<String> read = new HashSet<>();
    private String session = "";
    private Optional<String> why = Optional.empty();

    Holds(LifecyclePolicy policy, Sweep sweep, CheckedReader reader, ObjectsLayout layout) {
        this.policy = policy;
        this.sweep = sweep;
        this.reader = reader;
        this.layout = layout;
    }

    /** Why the session is held at this moment; empty if it is not. */
    Optional<String> of(String sessionId) {
        if (policy.holds().isEmpty()) {
            return Optional.empty();
        }
        if (!session.equals(sessionId)) {
            session = sessionId;
            read.clear();
            why = Optional.empty();
        }
        if (why.isEmpty()) {
            String prefix = layout.steps(sessionId);
            boolean unused = sweep.anyMatch(prefix, object -> {
                boolean isNew = layout.readCommitKey(prefix, object.key()).isPresent()
                        && read.add(object.key().substring(prefix.length()));
                why = isNew ? hold(object.key()) : Optional.empty();
                return why.isPresent();
            });
        }
        return why;
    }

    private Optional<String> hold(String key) {
        Optional<byte[]> json = reader.readCommitRecord(key);
        if (json.isEmpty()) {
            return Optional.empty(); // removed since it was listed
        }
        try {
            return policy.holdOf(CommitRecord.parse(json.get()).labels()).map(hold -> "label " + hold + " in " + key);
        } catch (IllegalArgumentException e) {
            // Whatever labels it had, they may have been those that hold.
            return Optional.of("the commit record " + key + " cannot be read, so its labels are not known");
        }
    }
}

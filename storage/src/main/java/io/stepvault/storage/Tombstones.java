package io.stepvault.storage;

import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectPage;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.retry.BlockingRetry;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Tells which sessions are deleted. Calls block. Safe for any thread. */
final class Tombstones {
    private final ObjectStore objects;
    private final ObjectsLayout layout;
    private final BlockingRetry retry;

    Tombstones(ObjectStore objects, ObjectsLayout layout, BlockingRetry retry) {
        this.objects = objects;
        this.layout = layout;
        this.retry = retry;
    }

    boolean isDeleted(String sessionId) {
        String tombstone = layout.tombstone(sessionId);
        return retry.call(() -> objects.head(tombstone)).isPresent();
    }

    /** Begins to look for many sessions. */
    Scan scan() {
        return new Scan();
    }

    /**
     * Looks for many sessions: as a rule by one request, since sessions that lie together have their tombstones together.
     * It takes the fewer requests the more they come in the order of their encoded form. For one thread.
     */
    final class Scan {
        private final Set<String> seen = new HashSet<>();
        private String seenFrom = "";
        private String seenUpTo = "";

        /** Whether a session is deleted, or was a moment ago. */
        boolean isDeleted(String sessionId) {
            String tombstone = layout.tombstone(sessionId);
            if (tombstone.compareTo(seenFrom) < 0 || tombstone.compareTo(seenUpTo) > 0) {
                ObjectPage page = retry.call(() -> objects.list(from(tombstone)));
                seen.clear();
                page.objects().stream().map(ObjectInfo::key).forEach(seen::add);
                seenFrom = tombstone;
                // After '~' comes no key of ours.
                seenUpTo = page.truncated()
                        ? page.objects().get(page.objects().size() - 1).key()
                        : layout.tombstones() + "~";
            }
            return seen.contains(tombstone);
        }

        /** Requests leave out the key that they start after, so that is one that comes just before {@code key}. */
        private ListRequest from(String key) {
            int last = key.length() - 1;
            String before = key.substring(0, last) + (char) (key.charAt(last) - 1) + "~";
            return new ListRequest(layout.tombstones(), false, Optional.of(before), ListRequest.MAX_PAGE);
        }
    }
}

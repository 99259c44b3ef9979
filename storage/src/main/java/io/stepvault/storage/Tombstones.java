package io.stepvault.storage;

import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectPage;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.retry.BlockingRetry;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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

    /**
     * Those of {@code sessionIds} that are deleted.
     *
     * @param sessionIds in the order of their encoded form
     */
    Set<String> among(List<String> sessionIds) {
        Scan scan = scan();
        return sessionIds.stream().filter(scan::isDeleted).collect(Collectors.toSet());
    }

    /** Looks for many sessions in order. */
    Scan scan() {
        return new Scan();
    }

    /**
     * Looks for sessions in the order of their encoded form: as a rule by one request for many, since sessions that lie
     * together have their tombstones together. For one thread.
     */
    final class Scan {
        private final Set<String> seen = new HashSet<>();
        private String seenUpTo = "";

        /** Whether a session is deleted, or was a moment ago. */
        boolean isDeleted(String sessionId) {
            String tombstone = layout.tombstone(sessionId);
            if (tombstone.compareTo(seenUpTo) > 0) {
                ObjectPage page = retry.call(() -> objects.list(from(tombstone)));
                seen.clear();
                page.objects().stream().map(ObjectInfo::key).forEach(seen::add);
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

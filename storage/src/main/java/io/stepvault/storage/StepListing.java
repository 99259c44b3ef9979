package io.stepvault.storage;

import io.stepvault.capture.IdCodec;
import io.stepvault.capture.Revision;
import io.stepvault.storage.ObjectsLayout.CommitKey;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectLister;
import io.stepvault.storage.object.ObjectPage;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds steps and revisions by listing keys, in memory bounded by a page. Keys that are not of the layout are passed
 * over. Safe for any thread.
 */
final class StepListing {
    private static final String STEPS = "steps";
    private static final String REVISIONS = "revisions";
    private static final String SESSION_REVISIONS = "session revisions";

    private final ObjectLister lister;
    private final ObjectsLayout layout;

    StepListing(ObjectLister lister, ObjectsLayout layout) {
        this.lister = lister;
        this.layout = layout;
    }

    /** The greatest revision that has a commit record. */
    Optional<Revision> latestRevision(String sessionId, String stepId) {
        String steps = layout.steps(sessionId);
        List<Revision> latest = new ArrayList<>(1);
        forEachKey(ListRequest.of(layout.revisions(sessionId, stepId)), key -> {
            // Revisions in key order are in their own order.
            layout.readCommitKey(steps, key).ifPresent(commit -> {
                latest.clear();
                latest.add(commit.revision());
            });
            return true;
        });
        return latest.stream().findFirst();
    }

    Page<StepEntry> steps(String sessionId, PageRequest request) {
        String session = IdCodec.encode(sessionId);
        Optional<StepEntry> after =
                PageToken.read(request, STEPS, 3).map(parts -> readStepToken(STEPS, sessionId, session, parts));
        String prefix = layout.steps(sessionId);
        NavigableSet<StepEntry> earliest = new TreeSet<>();
        LatestOfEachStep latest = new LatestOfEachStep(commit -> {
            StepEntry step = new StepEntry(sessionId, commit.stepId(), commit.revision());
            if (after.map(last -> step.compareTo(last) > 0).orElse(true)) {
                earliest.add(step);
                if (earliest.size() > request.limit() + 1) {
                    earliest.pollLast();
                }
            }
        });
        forEachKey(ListRequest.of(prefix), key -> {
            layout.readCommitKey(prefix, key).ifPresent(latest::next);
            return true;
        });
        latest.end();
        return page(List.copyOf(earliest), request.limit(), last -> stepToken(STEPS, session, last));
    }

    private static String stepToken(String listing, String session, StepEntry last) {
        return PageToken.write(listing, session, last.revision().toString(), IdCodec.encode(last.stepId()));
    }

    private static StepEntry readStepToken(String listing, String sessionId, String session, List<String> parts) {
        try {
            if (parts.get(0).equals(session)) {
                return new StepEntry(sessionId, IdCodec.decode(parts.get(2)), Revision.parse(parts.get(1)));
            }
        } catch (IllegalArgumentException e) {
            throw PageToken.bad(listing, e);
        }
        throw PageToken.bad(listing, null);
    }

    /** Passes on the last of the commit records of each step. A step's keys lie together, in order of revision. */
    private static final class LatestOfEachStep {
        private final Consumer<CommitKey> next;
        private @Nullable CommitKey latest;

        LatestOfEachStep(Consumer<CommitKey> next) {
            this.next = next;
        }

        void next(CommitKey commit) {
            if (latest != null && !latest.stepId().equals(commit.stepId())) {
                next.accept(latest);
            }
            latest = commit;
        }

        void end() {
            if (latest != null) {
                next.accept(latest);
            }
        }
    }

    Page<Revision> revisions(String sessionId, String stepId, PageRequest request) {
        String session = IdCodec.encode(sessionId);
        String step = IdCodec.encode(stepId);
        Optional<String> startAfter = PageToken.read(request, REVISIONS, 3).map(parts -> {
            Optional<Revision> last = ObjectsLayout.readRevision(parts.get(2));
            if (!parts.get(0).equals(session) || !parts.get(1).equals(step) || last.isEmpty()) {
                throw PageToken.bad(REVISIONS, null);
            }
            return layout.commitRecord(layout.revision(sessionId, stepId, last.get()));
        });
        String steps = layout.steps(sessionId);
        List<Revision> found = new ArrayList<>();
        String prefix = layout.revisions(sessionId, stepId);
        forEachKey(new ListRequest(prefix, false, startAfter, ListRequest.MAX_PAGE), key -> {
            layout.readCommitKey(steps, key).ifPresent(commit -> found.add(commit.revision()));
            return found.size() <= request.limit();
        });
        return page(found, request.limit(), last -> PageToken.write(REVISIONS, session, step, last.toString()));
    }

    /** All revisions of all steps, in the order of their keys. */
    Page<StepEntry> revisions(String sessionId, PageRequest request) {
        String session = IdCodec.encode(sessionId);
        Optional<String> startAfter = PageToken.read(request, SESSION_REVISIONS, 3)
                .map(parts -> {
                    StepEntry last = readStepToken(SESSION_REVISIONS, sessionId, session, parts);
                    return layout.commitRecord(layout.revision(sessionId, last.stepId(), last.revision()));
                });
        String prefix = layout.steps(sessionId);
        List<StepEntry> found = new ArrayList<>();
        forEachKey(new ListRequest(prefix, false, startAfter, ListRequest.MAX_PAGE), key -> {
            layout.readCommitKey(prefix, key)
                    .ifPresent(commit -> found.add(new StepEntry(sessionId, commit.stepId(), commit.revision())));
            return found.size() <= request.limit();
        });
        return page(found, request.limit(), last -> stepToken(SESSION_REVISIONS, session, last));
    }

    /** Shows keys in order to {@code more} until it wants no more. */
    private void forEachKey(ListRequest first, Predicate<String> more) {
        Optional<ListRequest> request = Optional.of(first);
        while (request.isPresent()) {
            ObjectPage page = lister.list(request.get());
            for (ObjectInfo object : page.objects()) {
                if (!more.test(object.key())) {
                    return;
                }
            }
            request = page.next(request.get());
        }
    }

    private static <T> Page<T> page(List<T> found, int limit, Function<T, String> token) {
        if (found.size() <= limit) {
            return new Page<>(found, Optional.empty());
        }
        List<T> items = found.subList(0, limit);
        return new Page<>(items, Optional.of(token.apply(items.get(limit - 1))));
    }
}

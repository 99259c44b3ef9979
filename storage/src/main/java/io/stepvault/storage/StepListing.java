package io.stepvault.storage;

import io.stepvault.capture.IdCodec;
import io.stepvault.capture.InvalidIdException;
import io.stepvault.capture.Revision;
import io.stepvault.storage.ObjectsLayout.CommitKey;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectLister;
import io.stepvault.storage.object.ObjectPage;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds sessions, steps and revisions by listing keys, in memory bounded by a page. Keys that are not of the layout are
 * passed over, and so are deleted sessions in the list of sessions. Safe for any thread.
 */
final class StepListing {
    private static final String SESSIONS = "sessions";
    private static final String STEPS = "steps";
    private static final String REVISIONS = "revisions";

    private final ObjectLister lister;
    private final ObjectsLayout layout;
    private final Tombstones tombstones;

    StepListing(ObjectLister lister, ObjectsLayout layout, Tombstones tombstones) {
        this.lister = lister;
        this.layout = layout;
        this.tombstones = tombstones;
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

    Page<SessionEntry> sessions(PageRequest request) {
        Optional<SessionEntry> after = PageToken.read(request, SESSIONS, 2).map(StepListing::readSessionToken);
        int wanted = request.limit() + 1;
        List<SessionEntry> found = new ArrayList<>();
        after.ifPresent(last -> addSessions(last.day(), Optional.of(last.sessionId()), wanted, found));
        Optional<LocalDate> before = after.map(SessionEntry::day);
        while (found.size() < wanted) {
            List<LocalDate> days = newestDays(before, wanted);
            for (LocalDate day : days) {
                addSessions(day, Optional.empty(), wanted, found);
            }
            if (days.isEmpty()) {
                break;
            }
            before = Optional.of(days.get(days.size() - 1));
        }
        return page(
                found,
                request.limit(),
                last -> PageToken.write(SESSIONS, last.day().toString(), IdCodec.encode(last.sessionId())));
    }

    private static SessionEntry readSessionToken(List<String> parts) {
        try {
            return new SessionEntry(LocalDate.parse(parts.get(0)), IdCodec.decode(parts.get(1)));
        } catch (DateTimeException | InvalidIdException e) {
            throw PageToken.bad(SESSIONS, e);
        }
    }

    /** Up to {@code max} days, the newest first. Stores list the oldest first, so all are seen and few are kept. */
    private List<LocalDate> newestDays(Optional<LocalDate> before, int max) {
        Deque<LocalDate> newest = new ArrayDeque<>();
        Optional<ListRequest> request = Optional.of(ListRequest.directory(layout.days()));
        while (request.isPresent()) {
            ObjectPage page = lister.list(request.get());
            for (String prefix : page.prefixes()) {
                layout.readDay(prefix)
                        .filter(day -> before.map(day::isBefore).orElse(true))
                        .ifPresent(newest::addFirst);
                if (newest.size() > max) {
                    newest.removeLast();
                }
            }
            request = page.next(request.get());
        }
        return List.copyOf(newest);
    }

    private void addSessions(LocalDate day, Optional<String> afterSession, int wanted, List<SessionEntry> found) {
        String prefix = layout.day(day);
        Optional<String> startAfter = afterSession.map(session -> layout.dayMarker(day, session));
        int max = Math.min(ListRequest.MAX_PAGE, Math.max(1, wanted - found.size()));
        Optional<ListRequest> request = Optional.of(new ListRequest(prefix, false, startAfter, max));
        while (request.isPresent() && found.size() < wanted) {
            ObjectPage page = lister.list(request.get());
            List<String> sessions = page.objects().stream()
                    .flatMap(marker -> layout.readSession(prefix, marker.key()).stream())
                    .toList();
            Set<String> deleted = tombstones.among(sessions);
            sessions.stream()
                    .filter(session -> !deleted.contains(session))
                    .limit(wanted - found.size())
                    .forEach(session -> found.add(new SessionEntry(day, session)));
            request = page.next(request.get());
        }
    }

    Page<StepEntry> steps(String sessionId, PageRequest request) {
        String session = IdCodec.encode(sessionId);
        Optional<StepEntry> after =
                PageToken.read(request, STEPS, 3).map(parts -> readStepToken(sessionId, session, parts));
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
        return page(
                List.copyOf(earliest),
                request.limit(),
                last -> PageToken.write(STEPS, session, last.revision().toString(), IdCodec.encode(last.stepId())));
    }

    private static StepEntry readStepToken(String sessionId, String session, List<String> parts) {
        try {
            if (parts.get(0).equals(session)) {
                return new StepEntry(sessionId, IdCodec.decode(parts.get(2)), Revision.parse(parts.get(1)));
            }
        } catch (IllegalArgumentException e) {
            throw PageToken.bad(STEPS, e);
        }
        throw PageToken.bad(STEPS, null);
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

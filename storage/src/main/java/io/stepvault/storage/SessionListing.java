package io.stepvault.storage;

import io.stepvault.capture.IdCodec;
import io.stepvault.capture.InvalidIdException;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectLister;
import io.stepvault.storage.object.ObjectPage;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds sessions by listing keys, in memory bounded by a page and with as few requests as keys need: a request that
 * could only tell whether there is more is not made. Keys that are not of the layout are passed over, and so are deleted
 * sessions. Safe for any thread.
 */
final class SessionListing {
    private static final String SESSIONS = "sessions";
    private static final String IDS = "session ids";
    private static final LocalDate FIRST_DAY = LocalDate.EPOCH;

    private final ObjectLister lister;
    private final ObjectsLayout layout;
    private final Tombstones tombstones;

    SessionListing(ObjectLister lister, ObjectsLayout layout, Tombstones tombstones) {
        this.lister = lister;
        this.layout = layout;
        this.tombstones = tombstones;
    }

    /** By day, the newest first, then by encoded id. */
    Page<SessionEntry> byDay(SessionFilter filter, PageRequest request) {
        Optional<SessionEntry> after = PageToken.read(request, SESSIONS, 2).map(SessionListing::readToken);
        Found<SessionEntry> found = new Found<>(request.limit(), tombstones.scan());
        after.filter(last -> filter.takes(last.day()))
                .ifPresent(last -> addDay(last.day(), filter, Optional.of(last.sessionId()), found));
        Optional<LocalDate> before = after.map(SessionEntry::day);
        while (!found.more) {
            List<LocalDate> days = newestDays(filter, before, request.limit() + 1);
            if (days.isEmpty()) {
                break;
            }
            for (LocalDate day : days) {
                // There is no day without a marker.
                found.more |= found.isFull() && filter.idPrefix().isEmpty();
                addDay(day, filter, Optional.empty(), found);
            }
            before = Optional.of(days.get(days.size() - 1));
        }
        return found.page(last -> PageToken.write(SESSIONS, last.day().toString(), IdCodec.encode(last.sessionId())));
    }

    private static SessionEntry readToken(List<String> parts) {
        try {
            return new SessionEntry(LocalDate.parse(parts.get(0)), IdCodec.decode(parts.get(1)));
        } catch (DateTimeException | InvalidIdException e) {
            throw PageToken.bad(SESSIONS, e);
        }
    }

    private void addDay(LocalDate day, SessionFilter filter, Optional<String> afterSession, Found<SessionEntry> found) {
        String prefix = layout.day(day);
        add(
                new ListRequest(
                        prefix + SessionFilter.encoded(filter.idPrefix()),
                        false,
                        afterSession.map(session -> layout.dayMarker(day, session)),
                        found.wanted()),
                page -> page.objects().stream()
                        .flatMap(marker -> layout.readSession(prefix, marker.key()).stream())
                        .toList(),
                session -> new SessionEntry(day, session),
                found);
    }

    /** Up to {@code max} days, the newest first. Stores list the oldest first, so all are seen and few are kept. */
    private List<LocalDate> newestDays(SessionFilter filter, Optional<LocalDate> before, int max) {
        Deque<LocalDate> newest = new ArrayDeque<>();
        Optional<String> startAfter =
                filter.from().filter(FIRST_DAY::isBefore).map(from -> layout.days() + from.minusDays(1) + "/~");
        Optional<ListRequest> request =
                Optional.of(new ListRequest(layout.days(), true, startAfter, ListRequest.MAX_PAGE));
        while (request.isPresent()) {
            ObjectPage page = lister.list(request.get());
            for (String prefix : page.prefixes()) {
                Optional<LocalDate> day = layout.readDay(prefix);
                if (day.isEmpty() || filter.from().map(day.get()::isBefore).orElse(false)) {
                    continue;
                }
                if (!filter.takes(day.get()) || !before.map(day.get()::isBefore).orElse(true)) {
                    return List.copyOf(newest);
                }
                newest.addFirst(day.get());
                if (newest.size() > max) {
                    newest.removeLast();
                }
            }
            request = page.next(request.get());
        }
        return List.copyOf(newest);
    }

    /** Each session once, in the order of keys. */
    Page<String> byId(String idPrefix, PageRequest request) {
        String prefix = layout.sessions() + SessionFilter.encoded(idPrefix);
        // After "x/~" comes no key of the session x.
        Optional<String> startAfter =
                PageToken.read(request, IDS, 1).map(parts -> layout.session(readIdToken(parts.get(0))) + "~");
        Found<String> found = new Found<>(request.limit(), tombstones.scan());
        add(
                new ListRequest(prefix, true, startAfter, found.wanted()),
                page -> page.prefixes().stream()
                        .flatMap(session -> layout.readSessionOf(session).stream())
                        .toList(),
                session -> session,
                found);
        return found.page(last -> PageToken.write(IDS, IdCodec.encode(last)));
    }

    private static String readIdToken(String encoded) {
        try {
            return IdCodec.decode(encoded);
        } catch (InvalidIdException e) {
            throw PageToken.bad(IDS, e);
        }
    }

    private <T> void add(
            ListRequest first, Function<ObjectPage, List<String>> sessions, Function<String, T> item, Found<T> found) {
        Optional<ListRequest> request = Optional.of(first);
        while (request.isPresent() && !found.more) {
            ObjectPage page = lister.list(request.get());
            List<String> ids = sessions.apply(page);
            Set<String> deleted = ids.stream()
                    .sorted(Comparator.comparing(IdCodec::encode))
                    .filter(found.scan::isDeleted)
                    .collect(Collectors.toSet());
            ids.stream().filter(id -> !deleted.contains(id)).map(item).forEach(found::add);
            request = page.next(request.get())
                    .map(next -> new ListRequest(
                            next.prefix(), next.byDirectory(), next.startAfter(), ListRequest.MAX_PAGE));
            found.more |= request.isPresent() && found.isFull();
        }
    }

    /** What goes onto one page. */
    private static final class Found<T> {
        private final int limit;
        private final Tombstones.Scan scan;
        private final List<T> items = new ArrayList<>();
        private boolean more;

        Found(int limit, Tombstones.Scan scan) {
            this.limit = limit;
            this.scan = scan;
        }

        /** How many keys to ask for at first: one more than fit, if a request can give as many. */
        int wanted() {
            return Math.max(1, Math.min(ListRequest.MAX_PAGE, limit + 1 - items.size()));
        }

        boolean isFull() {
            return items.size() == limit;
        }

        void add(T item) {
            if (isFull()) {
                more = true;
            } else {
                items.add(item);
            }
        }

        Page<T> page(Function<T, String> token) {
            return new Page<>(items, more ? Optional.of(token.apply(items.get(limit - 1))) : Optional.empty());
        }
    }
}

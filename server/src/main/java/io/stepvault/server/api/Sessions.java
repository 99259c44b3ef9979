package io.stepvault.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.stepvault.capture.InvalidIdException;
import io.stepvault.server.http.Answer;
import io.stepvault.server.http.Call;
import io.stepvault.server.http.Problem;
import io.stepvault.server.http.Query;
import io.stepvault.server.listing.SessionSteps;
import io.stepvault.server.listing.StepListings;
import io.stepvault.server.listing.Turns;
import io.stepvault.storage.Completeness;
import io.stepvault.storage.Page;
import io.stepvault.storage.PageRequest;
import io.stepvault.storage.SequenceRange;
import io.stepvault.storage.SessionEntry;
import io.stepvault.storage.SessionFilter;
import io.stepvault.storage.StepEntry;
import io.stepvault.storage.StepStore;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Pattern;

/** Answers for sessions: which there are, and one at a glance. Safe for any thread. */
final class Sessions {
    private static final int MOST = 1_000;
    private static final Pattern DAY = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

    private final StepStore store;
    private final Turns turns;
    private final StepListings listings;

    Sessions(StepStore store, Turns turns, StepListings listings) {
        this.store = store;
        this.turns = turns;
        this.listings = listings;
    }

    Answer list(Call call) {
        Query query = Query.of(call, "prefix", "from", "to", "order", "limit", "page");
        SessionFilter filter = filter(query);
        PageRequest request = new PageRequest(query.number("limit", 100, 1, MOST), query.text("page"));
        if (query.oneOf("order", "newest", "newest", "id").equals("id")) {
            if (filter.from().isPresent() || filter.to().isPresent()) {
                throw Problem.badRequest("parameters from and to go with order=newest only")
                        .asException();
            }
            Page<String> page =
                    turns.take(() -> Tokens.read(request, asked -> store.sessionIds(filter.idPrefix(), asked)));
            return answer(page, (json, sessionId) -> session(json, sessionId, Optional.empty()));
        }
        Page<SessionEntry> page = turns.take(() -> Tokens.read(request, asked -> store.sessions(filter, asked)));
        return answer(page, (json, entry) -> session(json, entry.sessionId(), Optional.of(entry.day())));
    }

    private static SessionFilter filter(Query query) {
        try {
            return new SessionFilter(query.text("prefix").orElse(""), day(query, "from"), day(query, "to"));
        } catch (InvalidIdException e) {
            throw Problem.badRequest("no session id can begin with parameter prefix")
                    .asException();
        }
    }

    private static Optional<LocalDate> day(Query query, String name) {
        Optional<String> text = query.text(name);
        try {
            if (text.isEmpty() || DAY.matcher(text.get()).matches()) {
                return text.map(LocalDate::parse);
            }
        } catch (DateTimeException e) {
            // Told below, as what does not look like a day is.
        }
        throw Problem.badRequest("parameter " + name + " is a day like 2026-11-20")
                .asException();
    }

    private interface Item<T> {
        void write(JsonGenerator json, T item) throws IOException;
    }

    private static <T> Answer answer(Page<T> page, Item<T> item) {
        return Answer.json(json -> {
                    json.writeStartObject();
                    json.writeArrayFieldStart("sessions");
                    for (T session : page.items()) {
                        item.write(json, session);
                    }
                    json.writeEndArray();
                    Json.next(json, page.nextToken());
                    json.writeEndObject();
                })
                .with("Cache-Control", "no-cache");
    }

    private static void session(JsonGenerator json, String sessionId, Optional<LocalDate> day) throws IOException {
        json.writeStartObject();
        json.writeStringField("session_id", sessionId);
        if (day.isPresent()) {
            json.writeStringField("day", day.get().toString());
        }
        links(json, sessionId);
        json.writeEndObject();
    }

    private static void links(JsonGenerator json, String sessionId) throws IOException {
        json.writeObjectFieldStart("links");
        json.writeStringField("self", Links.session(sessionId));
        json.writeStringField("steps", Links.steps(sessionId));
        json.writeEndObject();
    }

    Answer show(Call call) {
        String sessionId = Ids.session(call);
        boolean complete = Query.of(call, "completeness").flag("completeness");
        SessionSteps steps = listings.of(sessionId);
        if (steps.first().isEmpty() || steps.last().isEmpty()) {
            throw Problem.notFound("nothing is stored of this session").asException();
        }
        StepEntry first = steps.first().get();
        StepEntry last = steps.last().get();
        Optional<Completeness> completeness =
                complete ? Optional.of(turns.take(() -> store.completeness(sessionId))) : Optional.empty();
        return Answer.json(json -> {
                    json.writeStartObject();
                    json.writeStringField("session_id", sessionId);
                    json.writeNumberField("steps", steps.count());
                    json.writeNumberField("revisions", steps.revisions());
                    Json.time(json, "first_captured_at", first.revision().capturedAt());
                    Json.time(json, "last_captured_at", last.revision().capturedAt());
                    json.writeFieldName("first_step");
                    Json.step(json, first);
                    json.writeFieldName("last_step");
                    Json.step(json, last);
                    if (completeness.isPresent()) {
                        json.writeFieldName("completeness");
                        write(json, completeness.get());
                    }
                    links(json, sessionId);
                    json.writeEndObject();
                })
                .with("Cache-Control", "no-cache");
    }

    private static void write(JsonGenerator json, Completeness completeness) throws IOException {
        json.writeStartObject();
        json.writeNumberField("captures", completeness.captures());
        json.writeNumberField("unnumbered", completeness.unnumbered());
        json.writeBooleanField("ended", completeness.ended());
        if (completeness.firstSequence().isPresent()) {
            json.writeNumberField("first_sequence", completeness.firstSequence().getAsLong());
        }
        if (completeness.lastSequence().isPresent()) {
            json.writeNumberField("last_sequence", completeness.lastSequence().getAsLong());
        }
        json.writeArrayFieldStart("missing");
        for (SequenceRange range : completeness.missing()) {
            json.writeStartObject();
            json.writeNumberField("from", range.from());
            json.writeNumberField("to", range.to());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberField("missing_count", completeness.missingCount());
        json.writeEndObject();
    }
}

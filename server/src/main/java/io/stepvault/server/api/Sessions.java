package io.stepvault.server.api;

import io.stepvault.server.http.Answer;
import io.stepvault.server.http.Call;
import io.stepvault.server.http.Problem;
import io.stepvault.server.http.Query;
import io.stepvault.storage.Page;
import io.stepvault.storage.PageRequest;
import io.stepvault.storage.SessionEntry;
import io.stepvault.storage.StepEntry;
import io.stepvault.storage.StepStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers for sessions: which there are, and one at a glance. Safe for any thread. */
final class Sessions {
    private static final int MOST = 1_000;

    private final StepStore store;

    Sessions(StepStore store) {
        this.store = store;
    }

    Answer list(Call call) {
        Query query = Query.of(call, "limit", "page");
        PageRequest request = new PageRequest(query.number("limit", 100, 1, MOST), query.text("page"));
        Page<SessionEntry> page = Tokens.read(request, store::sessions);
        return Answer.json(json -> {
                    json.writeStartObject();
                    json.writeArrayFieldStart("sessions");
                    for (SessionEntry session : page.items()) {
                        json.writeStartObject();
                        json.writeStringField("session_id", session.sessionId());
                        json.writeStringField("day", session.day().toString());
                        json.writeObjectFieldStart("links");
                        json.writeStringField("self", Links.session(session.sessionId()));
                        json.writeStringField("steps", Links.steps(session.sessionId()));
                        json.writeEndObject();
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                    Json.next(json, page.nextToken());
                    json.writeEndObject();
                })
                .with("Cache-Control", "no-cache");
    }

    Answer show(Call call) {
        String sessionId = Ids.session(call);
        List<StepEntry> steps = new ArrayList<>();
        Optional<PageRequest> request = Optional.of(PageRequest.first(PageRequest.MAX_LIMIT));
        while (request.isPresent()) {
            Page<StepEntry> page = store.steps(sessionId, request.get());
            steps.addAll(page.items());
            request = page.nextToken().map(token -> PageRequest.after(token, PageRequest.MAX_LIMIT));
        }
        if (steps.isEmpty()) {
            throw Problem.notFound("nothing is stored of this session").asException();
        }
        StepEntry first = steps.get(0);
        StepEntry last = steps.get(steps.size() - 1);
        return Answer.json(json -> {
                    json.writeStartObject();
                    json.writeStringField("session_id", sessionId);
                    json.writeNumberField("steps", steps.size());
                    Json.time(json, "first_captured_at", first.revision().capturedAt());
                    Json.time(json, "last_captured_at", last.revision().capturedAt());
                    json.writeObjectFieldStart("first_step");
                    Json.step(json, sessionId, first.stepId(), first.revision());
                    json.writeEndObject();
                    json.writeObjectFieldStart("last_step");
                    Json.step(json, sessionId, last.stepId(), last.revision());
                    json.writeEndObject();
                    json.writeObjectFieldStart("links");
                    json.writeStringField("self", Links.session(sessionId));
                    json.writeStringField("steps", Links.steps(sessionId));
                    json.writeEndObject();
                    json.writeEndObject();
                })
                .with("Cache-Control", "no-cache");
    }
}

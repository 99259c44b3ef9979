package io.stepvault.server.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.stepvault.capture.ArtifactName;
import io.stepvault.capture.CommitRecord;
import io.stepvault.capture.Revision;
import io.stepvault.server.http.Answer;
import io.stepvault.server.http.Call;
import io.stepvault.server.http.Problem;
import io.stepvault.server.http.Query;
import io.stepvault.storage.Page;
import io.stepvault.storage.PageRequest;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoredStep;
import java.io.IOException;

/** Answers for one step and its revisions. Safe for any thread. */
final class Steps {
    private static final int MOST = 1_000;

    private final StepStore store;

    Steps(StepStore store) {
        this.store = store;
    }

    Answer show(Call call) {
        Query.of(call);
        StoredStep step = Found.step(store, call);
        return Answer.json(json -> write(json, step))
                .with("ETag", "W/\"" + step.revision() + "\"")
                .with("Cache-Control", Found.cacheControl(call));
    }

    private static void write(JsonGenerator json, StoredStep step) throws IOException {
        CommitRecord record = step.record();
        String self = Links.revision(record.sessionId(), record.stepId(), step.revision());
        json.writeStartObject();
        json.writeStringField("session_id", record.sessionId());
        json.writeStringField("step_id", record.stepId());
        json.writeStringField("revision", step.revision().toString());
        Records.write(json, record, self);
        json.writeObjectFieldStart("links");
        json.writeStringField("self", self);
        json.writeStringField("latest", Links.step(record.sessionId(), record.stepId()));
        json.writeStringField("revisions", Links.revisions(record.sessionId(), record.stepId()));
        json.writeStringField("session", Links.session(record.sessionId()));
        if (record.artifacts().containsKey(ArtifactName.SCREENSHOT)) {
            json.writeStringField("thumbnail", Links.thumbnail(self));
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    Answer revisions(Call call) {
        String sessionId = Ids.session(call);
        String stepId = Ids.step(call);
        Query query = Query.of(call, "limit", "page");
        PageRequest request = new PageRequest(query.number("limit", 100, 1, MOST), query.text("page"));
        Page<Revision> page = Tokens.read(request, asked -> store.revisions(sessionId, stepId, asked));
        if (page.items().isEmpty() && request.token().isEmpty()) {
            throw Problem.notFound("nothing is stored of this step").asException();
        }
        return Answer.json(json -> {
                    json.writeStartObject();
                    json.writeArrayFieldStart("revisions");
                    for (Revision revision : page.items()) {
                        String self = Links.revision(sessionId, stepId, revision);
                        json.writeStartObject();
                        json.writeStringField("revision", revision.toString());
                        Json.time(json, "captured_at", revision.capturedAt());
                        json.writeObjectFieldStart("links");
                        json.writeStringField("self", self);
                        json.writeStringField("thumbnail", Links.thumbnail(self));
                        json.writeEndObject();
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                    Json.next(json, page.nextToken());
                    json.writeEndObject();
                })
                .with("Cache-Control", "no-cache");
    }
}

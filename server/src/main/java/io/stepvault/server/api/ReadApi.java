package io.stepvault.server.api;

import io.stepvault.server.files.StaticFiles;
import io.stepvault.server.http.Answer;
import io.stepvault.server.http.Call;
import io.stepvault.server.http.Route;
import io.stepvault.storage.StepStore;
import java.util.List;

/** The read API's routes. Safe for any thread. */
public final class ReadApi {
    private static final String SESSIONS = Links.ROOT + "sessions";
    private static final String SESSION = SESSIONS + "/{session}";
    private static final String STEPS = SESSION + "/steps";
    private static final String STEP = STEPS + "/{step}";
    private static final String REVISIONS = STEP + "/revisions";
    private static final String REVISION = REVISIONS + "/{revision}";

    private final Sessions sessions;
    private final Steps steps;
    private final StepArtifacts artifacts;
    private final StepStore store;

    /** An API over {@code store}, which is not closed with it. */
    public ReadApi(StepStore store) {
        this.store = store;
        this.sessions = new Sessions(store);
        this.steps = new Steps(store);
        this.artifacts = new StepArtifacts(store);
    }

    /** All routes, those of the viewer's files last. */
    public List<Route> routes() {
        StaticFiles viewer = new StaticFiles("viewer");
        return List.of(
                Route.get(Links.ROOT, this::root),
                Route.open(Links.ROOT + "status", this::status),
                Route.get(SESSIONS, sessions::list),
                Route.get(SESSION, sessions::show),
                Route.get(STEPS, steps::list),
                Route.get(STEP, steps::show),
                Route.get(REVISIONS, steps::revisions),
                Route.get(REVISION, steps::show),
                Route.get(STEP + "/artifacts/html", artifacts::html),
                Route.get(REVISION + "/artifacts/html", artifacts::html),
                Route.get(STEP + "/artifacts/screenshot", artifacts::screenshot),
                Route.get(REVISION + "/artifacts/screenshot", artifacts::screenshot),
                Route.get(STEP + "/artifacts/attachments/{name}", artifacts::attachment),
                Route.get(REVISION + "/artifacts/attachments/{name}", artifacts::attachment),
                // Until it is scaled, the screenshot stands for itself.
                Route.get(STEP + "/thumbnail", artifacts::screenshot),
                Route.get(REVISION + "/thumbnail", artifacts::screenshot),
                Route.open("/", call -> viewer.file("index.html")),
                Route.open("/{file*}", call -> viewer.file(call.segment("file"))));
    }

    private Answer root(Call call) {
        return Answer.json(json -> {
            json.writeStartObject();
            json.writeStringField("name", "stepvault");
            json.writeObjectFieldStart("links");
            json.writeStringField("sessions", SESSIONS);
            json.writeStringField("status", Links.ROOT + "status");
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    private Answer status(Call call) {
        return Answer.json(json -> {
            json.writeStartObject();
            json.writeStringField("authentication", "none");
            json.writeBooleanField("signed_in", true);
            json.writeStringField("store", store.location().toString());
            json.writeEndObject();
        });
    }
}

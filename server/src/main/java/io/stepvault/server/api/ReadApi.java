package io.stepvault.server.api;

import io.stepvault.server.files.StaticFiles;
import io.stepvault.server.guard.Authentication;
import io.stepvault.server.http.Answer;
import io.stepvault.server.http.Call;
import io.stepvault.server.http.Query;
import io.stepvault.server.http.Route;
import io.stepvault.server.listing.StepListings;
import io.stepvault.server.listing.Turns;
import io.stepvault.server.thumbnail.Thumbnails;
import io.stepvault.storage.StepStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The read API's routes. Safe for any thread. */
public final class ReadApi {
    private static final String SESSIONS = Links.ROOT + "sessions";
    private static final String SESSION = SESSIONS + "/{session}";
    private static final String STEPS = SESSION + "/steps";
    private static final String STEP = STEPS + "/{step}";
    private static final String REVISIONS = STEP + "/revisions";
    private static final String REVISION = REVISIONS + "/{revision}";

    private final StepStore store;
    private final Authentication authentication;
    private final Sessions sessions;
    private final StepList stepList;
    private final Steps steps;
    private final StepArtifacts artifacts;
    private final StepThumbnail thumbnail;
    private final StaticFiles pages = new StaticFiles("apidocs");

    /**
     * An API over {@code store}, which is not closed with it.
     *
     * @param turns who may list
     */
    public ReadApi(
            StepStore store, Authentication authentication, Turns turns, StepListings listings, Thumbnails thumbnails) {
        this.store = store;
        this.authentication = authentication;
        this.sessions = new Sessions(store, turns, listings);
        this.stepList = new StepList(store, listings);
        this.steps = new Steps(store);
        this.artifacts = new StepArtifacts(store);
        this.thumbnail = new StepThumbnail(store, thumbnails);
    }

    /** The API's routes. */
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>(List.of(
                Route.get(Links.ROOT, this::root),
                Route.open(Links.ROOT + "openapi.json", call -> pages.file("openapi.json")),
                Route.open(Links.ROOT + "status", this::status),
                Route.post(Links.ROOT + "login", authentication::login),
                Route.post(Links.ROOT + "logout", authentication::logout),
                Route.get(SESSIONS, sessions::list),
                Route.get(SESSION, sessions::show),
                Route.get(STEPS, stepList::list),
                Route.get(STEP, steps::show),
                Route.get(REVISIONS, steps::revisions),
                Route.get(REVISION, steps::show)));
        for (String step : List.of(STEP, REVISION)) {
            routes.add(Route.get(step + "/artifacts/html", artifacts::html));
            routes.add(Route.get(step + "/artifacts/screenshot", artifacts::screenshot));
            routes.add(Route.get(step + "/artifacts/attachments/{name}", artifacts::attachment));
            routes.add(Route.get(step + "/thumbnail", thumbnail::show));
        }
        return routes;
    }

    /** The routes of files that come with the server, the viewer's last: its take all that is left. */
    public List<Route> files() {
        StaticFiles viewer = new StaticFiles("viewer");
        return List.of(
                Route.open("/api", call -> Answer.redirect("/api/")),
                Route.open("/api/v1", call -> Answer.redirect(Links.ROOT)),
                Route.open("/api/", call -> pages.file("index.html")),
                Route.open("/api/{file}", call -> pages.file(call.segment("file"))),
                Route.open("/", call -> viewer.file("index.html")),
                Route.open("/{file*}", call -> viewer.file(call.segment("file"))));
    }

    private Answer root(Call call) {
        Query.of(call);
        Optional<String> version =
                Optional.ofNullable(ReadApi.class.getPackage().getImplementationVersion());
        return Answer.json(json -> {
            json.writeStartObject();
            json.writeStringField("name", "stepvault");
            json.writeStringField("version", version.orElse("unknown"));
            json.writeObjectFieldStart("links");
            json.writeStringField("self", Links.ROOT);
            json.writeStringField("sessions", SESSIONS);
            json.writeStringField("status", Links.ROOT + "status");
            json.writeStringField("openapi", Links.ROOT + "openapi.json");
            json.writeEndObject();
            json.writeEndObject();
        });
    }

    private Answer status(Call call) {
        Query.of(call);
        boolean signedIn = authentication.isSignedIn(call);
        return Answer.json(json -> {
            json.writeStartObject();
            json.writeStringField("authentication", authentication.isRequired() ? "required" : "none");
            json.writeBooleanField("signed_in", signedIn);
            if (signedIn) {
                json.writeStringField("store", store.location().toString());
            }
            json.writeEndObject();
        });
    }
}

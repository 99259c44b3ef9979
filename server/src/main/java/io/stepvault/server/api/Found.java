package io.stepvault.server.api;

import io.stepvault.server.http.Call;
import io.stepvault.server.http.Problem;
import io.stepvault.server.http.ProblemException;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoredStep;

/** Finds the step that a path names: a given revision, or the latest where it names none. */
final class Found {
    private Found() {}

    /** @throws ProblemException 404 if there is none */
    static StoredStep step(StepStore store, Call call) {
        String sessionId = Ids.session(call);
        String stepId = Ids.step(call);
        return (namesRevision(call) ? store.load(sessionId, stepId, Ids.revision(call)) : store.load(sessionId, stepId))
                .orElseThrow(() -> Problem.notFound(
                                namesRevision(call)
                                        ? "this revision of the step is not stored"
                                        : "nothing is stored of this step")
                        .asException());
    }

    /** A revision never changes; what is the latest does. */
    static String cacheControl(Call call) {
        return namesRevision(call) ? "private, max-age=31536000, immutable" : "no-cache";
    }

    private static boolean namesRevision(Call call) {
        return call.segments().containsKey("revision");
    }
}

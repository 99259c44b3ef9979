package io.stepvault.server.api;

import io.stepvault.capture.ArtifactName;
import io.stepvault.capture.IdCodec;
import io.stepvault.capture.Revision;

/** Paths of the API. Ids are written as in keys, and their percent signs once more as URLs have them. */
final class Links {
    static final String ROOT = "/api/v1/";

    private Links() {}

    static String session(String sessionId) {
        return ROOT + "sessions/" + segment(sessionId);
    }

    static String steps(String sessionId) {
        return session(sessionId) + "/steps";
    }

    static String step(String sessionId, String stepId) {
        return steps(sessionId) + "/" + segment(stepId);
    }

    static String revisions(String sessionId, String stepId) {
        return step(sessionId, stepId) + "/revisions";
    }

    static String revision(String sessionId, String stepId, Revision revision) {
        return revisions(sessionId, stepId) + "/" + revision;
    }

    /** An artifact of the step, or of the revision, at {@code step}. */
    static String artifact(String step, String artifactName) {
        return step + "/artifacts/"
                + (artifactName.startsWith(ArtifactName.ATTACHMENT_PREFIX)
                        ? ArtifactName.ATTACHMENT_PREFIX
                                + segment(artifactName.substring(ArtifactName.ATTACHMENT_PREFIX.length()))
                        : artifactName);
    }

    static String thumbnail(String step) {
        return step + "/thumbnail";
    }

    private static String segment(String id) {
        return IdCodec.encode(id).replace("%", "%25");
    }
}

package io.stepvault.server.listing;

import io.stepvault.capture.IdCodec;
import io.stepvault.capture.Revision;
import io.stepvault.server.http.Problem;
import io.stepvault.server.http.ProblemException;
import io.stepvault.storage.StepEntry;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A place in the list of a session's steps, as a token that clients hand back.
 *
 * @param revision of the step before it
 * @param stepId the step before it
 */
record Place(Revision revision, String stepId) {
    private static final String VERSION = "1/";

    /** The place after an entry. */
    static Place after(StepEntry entry) {
        return new Place(entry.revision(), entry.stepId());
    }

    /** The entry before it. */
    StepEntry in(String sessionId) {
        return new StepEntry(sessionId, stepId, revision);
    }

    String token() {
        String text = VERSION + revision + "/" + IdCodec.encode(stepId);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** @throws ProblemException 400 if it is no token of ours */
    static Place parse(String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.US_ASCII);
            String[] parts = text.split("/", -1);
            if (text.startsWith(VERSION) && parts.length == 3) {
                return new Place(Revision.parse(parts[1]), IdCodec.decode(parts[2]));
            }
        } catch (IllegalArgumentException e) {
            // Told below, as any other text is.
        }
        throw Problem.badRequest("parameter page is not a token of this listing; use next of its last page as it is")
                .asException();
    }
}

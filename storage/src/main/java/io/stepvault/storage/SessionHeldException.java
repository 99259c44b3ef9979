package io.stepvault.storage;

import io.stepvault.capture.IdCodec;

/** A session was to be deleted that is held. Nothing was removed. */
public final class SessionHeldException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The session is held; {@code why} says by what. */
    SessionHeldException(String sessionId, String why) {
        super("session " + IdCodec.encode(sessionId) + " is held: " + why
                + "; take the hold out of the policy, or delete it by force");
    }
}

package io.stepvault.embedded;

import org.jspecify.annotations.Nullable;

/**
 * An embedded server could not start, stop or do what was asked. The message names the port or the directory and says
 * what to do about it.
 */
public final class EmbeddedServerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With the server, its port or directory, and the mend. */
    public EmbeddedServerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

package io.stepvault.wire;

import io.stepvault.capture.Rejection;

/** Bytes that do not hold the event they should hold, and never will. */
public final class UndecodableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Rejection rejection;

    UndecodableException(Rejection rejection) {
        super(rejection.detail());
        this.rejection = rejection;
    }

    UndecodableException(Rejection rejection, Throwable cause) {
        super(rejection.detail(), cause);
        this.rejection = rejection;
    }

    /** What is wrong with the bytes. */
    public Rejection rejection() {
        return rejection;
    }
}

package io.stepvault.worker.spool.file;

/** The bytes of a spool file are not what was written. The message says what is wrong with them, for an operator. */
public final class DamagedException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
        super(message);
    }
}

package io.stepvault.capture;

/**
 * An id of a session, step or attachment that cannot be written as part of a key. The message reads on from the name
 * of the thing ("session id" + " is empty; ...") and never quotes the id: it is hostile input.
 */
public final class InvalidIdException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    InvalidIdException(String message) {
        super(message);
    }
}

package io.stepvault.worker.deadletter;

/**
 * Another redrive of the same dead-letter topic has begun, which ended this one; or this one stood still for longer than
 * a transaction may take. What it had committed is marked, of the rest nothing is to be seen.
 */
public final class RedriveTakenOverException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RedriveTakenOverException(Throwable cause) {
        super("another redrive has taken over, or this one stood still for too long", cause);
    }
}

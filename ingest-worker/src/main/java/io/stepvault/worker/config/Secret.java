package io.stepvault.worker.config;

/**
 * A value that must not be seen: passwords, tokens, private keys. {@link #toString} is masked, so that a secret inside
 * a record or a map cannot reach a log or an error message by accident. Immutable; safe for any thread.
 */
public final class Secret {
    /** What is shown in a secret's place. */
    public static final String MASK = "****";

    private final String value;

    public Secret(String value) {
        this.value = value;
    }

    /** The secret itself. Call this only where it is handed to the client that needs it. */
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return MASK;
    }
}

package io.stepvault.registry;

/** A client cannot be made: a file for TLS cannot be read or is not what it should be. The message names it. */
public final class RegistrySetupException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RegistrySetupException(String message, Exception cause) {
        super(message, cause);
    }
}

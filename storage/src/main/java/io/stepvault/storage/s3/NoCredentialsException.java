package io.stepvault.storage.s3;

/** The provider of credentials gave none. */
final class NoCredentialsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoCredentialsException(RuntimeException cause) {
        super("no credentials", cause);
    }
}

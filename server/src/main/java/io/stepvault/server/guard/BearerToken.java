package io.stepvault.server.guard;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The secret that callers prove to know. Kept as a hash only, and masked wherever it is shown. Immutable; safe for any
 * thread.
 */
public final class BearerToken {
    /** The fewest characters of a token. */
    public static final int MIN_LENGTH = 16;

    private static final int MAX_LENGTH = 1_024;

    private final byte[] hash;

    /**
     * A token.
     *
     * @param token {@value #MIN_LENGTH} to 1024 visible ASCII characters, best of them random
     * @throws IllegalArgumentException if it is something else; it is not quoted
     */
    public BearerToken(String token) {
        if (token.length() < MIN_LENGTH
                || token.length() > MAX_LENGTH
                || !token.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new IllegalArgumentException("a bearer token has " + MIN_LENGTH + " to " + MAX_LENGTH
                    + " visible ASCII characters and no spaces; make one with: openssl rand -hex 32");
        }
        this.hash = sha256(token);
    }

    /** Whether this is the token; takes the same time wherever it differs. */
    boolean matches(String presented) {
        return MessageDigest.isEqual(hash, sha256(presented));
    }

    /** What is kept in place of a secret. */
    static byte[] sha256(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BearerToken token && MessageDigest.isEqual(hash, token.hash);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(hash);
    }

    @Override
    public String toString() {
        return "****";
    }
}

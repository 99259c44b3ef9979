package io.stepvault.registry;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** How a client shows who it is. Immutable; safe for any thread. No secret is in its {@code toString}. */
public sealed interface Credentials {
    /** It does not. */
    record None() implements Credentials {}

    /** User and password (RFC 7617), in UTF-8. */
    record Basic(String user, String password) implements Credentials {
        /** @throws IllegalArgumentException if the user's name has a colon, which ends it in the header */
        public Basic {
            if (user.isEmpty() || user.indexOf(':') >= 0) {
                throw new IllegalArgumentException("the registry's user name is empty or has a colon");
            }
        }

        @Override
        public String toString() {
            return "Basic[user=" + user + ", password=****]";
        }
    }

    /** A bearer token (RFC 6750). */
    record Bearer(String token) implements Credentials {
        /** @throws IllegalArgumentException if the token is not of visible ASCII characters */
        public Bearer {
            if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
                throw new IllegalArgumentException(
                        "the registry's token is empty, or has blanks or unusual characters");
            }
        }

        @Override
        public String toString() {
            return "Bearer[****]";
        }
    }

    /** The value of the header {@code Authorization}. */
    default Optional<String> header() {
        if (this instanceof Basic basic) {
            byte[] pair = (basic.user() + ":" + basic.password()).getBytes(StandardCharsets.UTF_8);
            return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
        }
        return this instanceof Bearer bearer ? Optional.of("Bearer " + bearer.token()) : Optional.empty();
    }
}

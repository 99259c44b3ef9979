package io.stepvault.storage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The text of page tokens: what is listed and the place where the last page ended, as slash-separated parts. It comes
 * back from outside, so whoever reads the parts checks them.
 */
final class PageToken {
    private static final String VERSION = "1";
    private static final int MAX_LENGTH = 4_096;

    private PageToken() {}

    /** A token for the place {@code parts} in {@code listing}. No part may be empty or hold a slash. */
    static String write(String listing, String... parts) {
        String text = VERSION + "/" + listing + "/" + String.join("/", parts);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The parts of the request's token, if it has one.
     *
     * @throws IllegalArgumentException if the token was not written for this listing
     */
    static Optional<List<String>> read(PageRequest request, String listing, int parts) {
        return request.token().map(token -> read(token, listing, parts));
    }

    private static List<String> read(String token, String listing, int parts) {
        if (token.length() > MAX_LENGTH) {
            throw bad(listing, null);
        }
        String text;
        try {
            text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw bad(listing, e);
        }
        List<String> all = Arrays.asList(text.split("/", -1));
        if (all.size() != parts + 2
                || !all.get(0).equals(VERSION)
                || !all.get(1).equals(listing)) {
            throw bad(listing, null);
        }
        return all.subList(2, all.size());
    }

    /** What to throw when a part of a token makes no sense. */
    static IllegalArgumentException bad(String listing, @Nullable Exception cause) {
        return new IllegalArgumentException(
                "not a page token of this listing of " + listing + "; use the nextToken of its last page as it is",
                cause);
    }
}

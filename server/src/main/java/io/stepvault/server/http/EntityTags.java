package io.stepvault.server.http;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares entity tags, RFC 9110 section 8.8.3. */
public final class EntityTags {
    private static final Pattern TAG = Pattern.compile("(?:W/)?(\"[\\x21\\x23-\\x7E]*\")");

    private EntityTags() {}

    /**
     * Whether {@code If-None-Match} names the tag, weak or strong: the client has this representation or one as good.
     */
    public static boolean isKnown(Headers request, String etag) {
        String asked = request.value("If-None-Match").orElse("");
        if (asked.trim().equals("*")) {
            return true;
        }
        String opaque = opaque(etag);
        Matcher tags = TAG.matcher(asked);
        while (tags.find()) {
            if (tags.group(1).equals(opaque)) {
                return true;
            }
        }
        return false;
    }

    private static String opaque(String etag) {
        return etag.startsWith("W/") ? etag.substring(2) : etag;
    }
}

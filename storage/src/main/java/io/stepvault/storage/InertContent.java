package io.stepvault.storage;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Tells what a browser may show of hostile content under the store's own address: types that are known to run nothing.
 * All others are active, or may become so in some browser.
 */
final class InertContent {
    // To the letter: browsers read a type with a comma as several ones, of which the last counts.
    private static final Pattern INERT =
            Pattern.compile("(?:text/plain|application/json|image/(?:png|jpeg|gif|webp|avif|bmp|tiff))"
                    + "(?:; ?charset=[a-z0-9_-]+)?");

    private InertContent() {}

    /** Whether content of this type, as it was published, may be shown. */
    static boolean is(String contentType) {
        return INERT.matcher(contentType.toLowerCase(Locale.ROOT)).matches();
    }
}

package io.stepvault.worker.config;

/**
 * One mistake.
 *
 * @param key the key in question, dotted, or the environment variable if it stands for no key
 * @param message what is wrong and what to do, without the key
 */
record Problem(String key, String message) {
    private static final int MAX_QUOTED = 100;

    /** A value as it is shown in a message. */
    static String quote(String value) {
        return "'" + (value.length() > MAX_QUOTED ? value.substring(0, MAX_QUOTED) + "..." : value) + "'";
    }
}

package io.stepvault.worker.replay;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Takes session ids by a pattern: {@code *} stands for any characters, {@code ?} for one, everything else for itself.
 * Immutable; safe for any thread.
 */
public final class SessionGlob implements Predicate<String> {
    private static final int MAX_PREFIX = 60;

    private final Pattern pattern;
    private final String prefix;

    /** The ids that {@code glob} matches as a whole. */
    public SessionGlob(String glob) {
        StringBuilder regex = new StringBuilder();
        // Runs of stars mean one, and would make matching slow.
        glob.replaceAll("\\*+", "*").codePoints().forEach(character -> {
            switch (character) {
                case '*' -> regex.append(".*");
                case '?' -> regex.append('.');
                default -> regex.append(Pattern.quote(Character.toString(character)));
            }
        });
        pattern = Pattern.compile(regex.toString(), Pattern.DOTALL);
        prefix = glob.codePoints()
                .takeWhile(character -> character != '*' && character != '?')
                .limit(MAX_PREFIX)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** What all the ids begin with, or some of it; may be empty. */
    public String prefix() {
        return prefix;
    }

    @Override
    public boolean test(String sessionId) {
        return pattern.matcher(sessionId).matches();
    }
}

package io.stepvault.worker.replay;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Takes session ids by a pattern: {@code *} stands for any characters, {@code ?} for one, everything else for itself.
 * Immutable; safe for any thread.
 */
public final class SessionGlob implements Predicate<String> {
    private final Pattern pattern;

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
    }

    @Override
    public boolean test(String sessionId) {
        return pattern.matcher(sessionId).matches();
    }
}

package io.stepvault.worker.cli.terminal;

import java.util.Locale;

/**
 * Makes text safe and readable on one line of a terminal. Ids, URLs and file names are hostile: an escape sequence in
 * one could rewrite the screen, a right-to-left mark could make it read as another. Stateless; safe for any thread.
 */
public final class Printable {
    private static final String ELLIPSIS = "...";

    private Printable() {}

    /**
     * Replaces whatever does not simply show: control characters, format characters (directions, zero width), line
     * separators and unpaired surrogates become {@code \n}, {@code \t}, {@code \r} or {@code \}{@code u{1B}}. Text
     * without these comes back as it is, so that doing it twice changes nothing.
     */
    public static String escape(String text) {
        if (text.codePoints().allMatch(Printable::shows)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (shows(c)) {
                escaped.appendCodePoint(c);
            } else {
                switch (c) {
                    case '\n' -> escaped.append("\\n");
                    case '\t' -> escaped.append("\\t");
                    case '\r' -> escaped.append("\\r");
                    default -> escaped.append(String.format(Locale.ROOT, "\\u{%X}", c));
                }
            }
        });
        return escaped.toString();
    }

    /** The escaped text, cut to at most {@code width} columns; what was cut shows as an ellipsis. */
    public static String cut(String text, int width) {
        String escaped = escape(text);
        if (width(escaped) <= width) {
            return escaped;
        }
        StringBuilder kept = new StringBuilder();
        int columns = 0;
        for (int c : escaped.codePoints().toArray()) {
            columns += width(c);
            if (columns > width - ELLIPSIS.length()) {
                break;
            }
            kept.appendCodePoint(c);
        }
        return kept + ELLIPSIS;
    }

    /** How many columns a terminal takes for escaped text, as near as can be told without asking it. */
    public static int width(String escaped) {
        return escaped.codePoints().map(Printable::width).sum();
    }

    private static boolean shows(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    private static int width(int c) {
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        return isWide(c) ? 2 : 1;
    }

    /** The blocks that are wide throughout: Unicode Standard Annex 11, "East Asian Width". */
    private static boolean isWide(int c) {
        return (c >= 0x1100 && c <= 0x115F)
                || (c >= 0x2E80 && c <= 0xA4CF)
                || (c >= 0xAC00 && c <= 0xD7A3)
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0xFE30 && c <= 0xFE6F)
                || (c >= 0xFF00 && c <= 0xFF60)
                || (c >= 0x1F300 && c <= 0x1F64F)
                || (c >= 0x1F900 && c <= 0x1F9FF)
                || (c >= 0x20000 && c <= 0x3FFFD);
    }
}

package io.stepvault.worker.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Bytes as lines of hex with what of them is ASCII beside. Stateless; safe for any thread. */
final class HexText {
    private static final int PER_LINE = 16;

    private HexText() {}

    /** The first {@code max} bytes. */
    static List<String> lines(byte[] bytes, int max) {
        List<String> lines = new ArrayList<>();
        int end = Math.min(bytes.length, max);
        for (int start = 0; start < end; start += PER_LINE) {
            StringBuilder hex = new StringBuilder();
            StringBuilder ascii = new StringBuilder();
            for (int i = start; i < Math.min(end, start + PER_LINE); i++) {
                hex.append(String.format(Locale.ROOT, "%02x ", bytes[i]));
                ascii.append(bytes[i] >= ' ' && bytes[i] < 0x7F ? (char) bytes[i] : '.');
            }
            lines.add(String.format(Locale.ROOT, "%08x  %-48s |%s|", start, hex, ascii));
        }
        return lines;
    }
}

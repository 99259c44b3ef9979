package io.stepvault.server.artifact;

import io.stepvault.capture.ArtifactName;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;

/**
 * The name under which an artifact is saved: no part of it leads out of the directory that the user chose, hides what
 * the file is, or ends the header field.
 *
 * @param text any Unicode but control, format and path characters
 */
record FileName(String text) {
    private static final int MOST = 120;
    private static final HexFormat HEX = HexFormat.of().withUpperCase();
    private static final Map<String, String> EXTENSIONS = Map.of(
            "text/html", ".html",
            "text/plain", ".txt",
            "application/json", ".json",
            "image/png", ".png",
            "image/jpeg", ".jpg",
            "image/gif", ".gif",
            "image/webp", ".webp",
            "image/avif", ".avif",
            "image/bmp", ".bmp");

    /** An attachment's own name, or that of the step with an extension for what it is. */
    static FileName of(String stepId, String artifactName, String type) {
        if (artifactName.startsWith(ArtifactName.ATTACHMENT_PREFIX)) {
            return new FileName(clean(artifactName.substring(ArtifactName.ATTACHMENT_PREFIX.length())));
        }
        String bare = type.replaceFirst(";.*", "");
        return new FileName(clean(stepId) + EXTENSIONS.getOrDefault(bare, ".bin"));
    }

    private static String clean(String name) {
        StringBuilder clean = new StringBuilder();
        name.codePoints().limit(MOST).map(FileName::safe).forEach(clean::appendCodePoint);
        String text = clean.toString().strip();
        return text.isEmpty() || text.startsWith(".") ? "_" + text : text;
    }

    private static int safe(int c) {
        boolean unsafe =
                switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.SURROGATE -> true;
                    default -> "\\/:*?\"<>|".indexOf(c) >= 0;
                };
        return unsafe ? '_' : c;
    }

    /** As {@code Content-Disposition} has it, RFC 6266: in ASCII for old clients, and to the letter. */
    String parameters() {
        String ascii = text.replaceAll("[^\\x20-\\x7E]|[%\"\\\\]", "_");
        StringBuilder exact = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if ((b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || "-._~".indexOf(b) >= 0) {
                exact.append((char) b);
            } else {
                exact.append('%').append(HEX.toHexDigits(b));
            }
        }
        return "; filename=\"" + ascii + "\"; filename*=UTF-8''" + exact;
    }
}

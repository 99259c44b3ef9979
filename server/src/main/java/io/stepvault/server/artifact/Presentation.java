package io.stepvault.server.artifact;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How captured content goes to a browser. It is hostile whatever it says it is: everything goes out under a policy that
 * puts it into a sandbox of its own, without scripts, forms, frames and anything loaded from elsewhere; and only what
 * can be looked at in that sandbox is shown at all. The rest is saved to a file, as bytes of no type.
 *
 * @param headers the header fields that say so
 */
public record Presentation(Map<String, String> headers) {
    private static final String POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline' data:;"
            + " img-src data: blob:; font-src data:; media-src data:; form-action 'none'; frame-ancestors 'self';"
            + " base-uri 'none'";
    private static final Pattern TYPE = Pattern.compile(
            "\\s*([a-z0-9!#$&^_.+-]{1,64}/[a-z0-9!#$&^_.+-]{1,64})\\s*(?:;\\s*charset\\s*=\\s*\"?([a-z0-9._-]{1,40})\"?\\s*)?(?:;.*)?");
    private static final Set<String> TEXTS = Set.of("text/html", "text/plain", "application/json");
    private static final Set<String> PICTURES =
            Set.of("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp");
    private static final int LONGEST_TYPE = 255;

    /**
     * How an artifact is handed out.
     *
     * @param stepId of the step that it belongs to
     * @param artifactName its {@link io.stepvault.capture.ArtifactName}
     * @param contentType as it was published: any text
     * @param download whether the client wants to save it rather than look at it
     */
    public static Presentation of(String stepId, String artifactName, String contentType, boolean download) {
        Optional<String> shown = shown(contentType);
        String type = shown.orElse("application/octet-stream");
        String disposition = download || shown.isEmpty() ? "attachment" : "inline";
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", type);
        headers.put(
                "Content-Disposition",
                disposition + FileName.of(stepId, artifactName, type).parameters());
        headers.put("Content-Security-Policy", POLICY);
        return new Presentation(headers);
    }

    /** The type as it is sent, if content of it is shown. */
    private static Optional<String> shown(String contentType) {
        if (contentType.length() > LONGEST_TYPE) {
            return Optional.empty();
        }
        Matcher parts = TYPE.matcher(contentType.toLowerCase(Locale.ROOT));
        if (!parts.matches()) {
            return Optional.empty();
        }
        String type = parts.group(1).equals("image/jpg") ? "image/jpeg" : parts.group(1);
        if (TEXTS.contains(type)) {
            return Optional.of(parts.group(2) == null ? type : type + "; charset=" + parts.group(2));
        }
        return PICTURES.contains(type) ? Optional.of(type) : Optional.empty();
    }
}

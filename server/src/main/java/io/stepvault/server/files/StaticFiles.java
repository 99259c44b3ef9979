package io.stepvault.server.files;

import io.stepvault.server.http.Answer;
import io.stepvault.server.http.Body;
import io.stepvault.server.http.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Files under a directory of the class path, kept in memory once they were asked for. Browsers ask each time whether
 * what they have is still right, so that a new version of the server shows at once. Safe for any thread.
 */
public final class StaticFiles {
    /** Scripts, styles and pictures of their own only; captured pages in frames, which have a stricter policy still. */
    private static final String POLICY =
            "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none';"
                    + " form-action 'none'; frame-ancestors 'none'";

    private static final Pattern NAME =
            Pattern.compile("(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*\\.([a-z0-9]+)");
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("json", "application/json"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("png", "image/png"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("woff2", "font/woff2"));

    private static final Set<String> PACKED = Set.of("font/woff2", "image/png", "image/x-icon");

    private final String directory;
    private final Map<String, Answer> loaded = new ConcurrentHashMap<>();

    /**
     * Files of this module.
     *
     * @param directory where they are on the class path, from this module's root package on, without slashes around it
     */
    public StaticFiles(String directory) {
        this.directory = "/io/stepvault/server/" + directory + "/";
    }

    /**
     * A file.
     *
     * @param name its path below the directory
     * @throws io.stepvault.server.http.ProblemException 404 if there is none
     */
    public Answer file(String name) {
        Answer known = loaded.get(name);
        if (known != null) {
            return known;
        }
        Answer file = Optional.of(NAME.matcher(name))
                .filter(matcher -> matcher.matches() && TYPES.containsKey(matcher.group(1)))
                .flatMap(matcher -> read(name, TYPES.getOrDefault(matcher.group(1), "")))
                .orElseThrow(() -> Problem.notFound("there is nothing under this path; /api/ lists what there is")
                        .asException());
        loaded.put(name, file);
        return file;
    }

    private Optional<Answer> read(String name, String type) {
        try (InputStream stream = StaticFiles.class.getResourceAsStream(directory + name)) {
            return stream == null ? Optional.empty() : Optional.of(answer(stream.readAllBytes(), type));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name + " from the class path", e);
        }
    }

    private static Answer answer(byte[] bytes, String type) {
        return new Answer(
                200,
                Map.of(
                        "Content-Type",
                        type,
                        "Content-Security-Policy",
                        POLICY,
                        "Cross-Origin-Opener-Policy",
                        "same-origin",
                        "Cache-Control",
                        "no-cache",
                        "Vary",
                        "Accept-Encoding",
                        "ETag",
                        "W/\"" + hash(bytes) + "\""),
                new Body.Bytes(bytes, !PACKED.contains(type)));
    }

    private static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}

package io.stepvault.storage;

import io.stepvault.capture.ArtifactName;
import io.stepvault.capture.IdCodec;
import io.stepvault.capture.InvalidIdException;
import io.stepvault.capture.Revision;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The one owner of the objects layout: which key everything has.
 *
 * <pre>
 * [prefix/]sessions/[session]/steps/[step]/[revision]/page.html
 * [prefix/]sessions/[session]/steps/[step]/[revision]/screenshot.[extension by content type]
 * [prefix/]sessions/[session]/steps/[step]/[revision]/attachments/[name]
 * [prefix/]sessions/[session]/steps/[step]/[revision]/gzip/[page.html, and so on]
 * [prefix/]sessions/[session]/steps/[step]/[revision]/step.json
 * [prefix/]days/[yyyy-mm-dd]/[session]
 * [prefix/]deleted/[session]
 * [prefix/]removing/[yyyy-mm-dd]/[session]/[run]
 * [prefix/]policy.json
 * [prefix/]probe
 * </pre>
 *
 * Ids and names are written by {@link IdCodec}, so no part holds a slash. Every key follows from the commit record, but for
 * whether an artifact is compressed.
 *
 * <p>Immutable; safe for any thread.
 */
final class ObjectsLayout {
    private static final int MAX_PREFIX = 200;
    // No percent sign and nothing that a URI writes otherwise: a key looks the same wherever it is shown.
    private static final Pattern PREFIX_PART = Pattern.compile("[A-Za-z0-9_=+@!-][A-Za-z0-9_=+@!.-]*");
    static final String COMMIT_RECORD = "step.json";
    private static final Map<String, String> EXTENSIONS = Map.of(
            "image/png", "png",
            "image/jpeg", "jpg",
            "image/webp", "webp",
            "image/gif", "gif",
            "image/avif", "avif",
            "image/bmp", "bmp",
            "image/tiff", "tiff",
            "image/svg+xml", "svg");

    /** A commit record's place among the keys of a session. */
    record CommitKey(String stepId, Revision revision) {}

    /** Where a revision is among all of them. */
    record RevisionPlace(String sessionId, String stepId, Revision revision) {}

    private final String root;

    /**
     * The layout under {@code prefix}, which may be empty.
     *
     * @throws IllegalArgumentException if the prefix is too long or has parts that keys cannot have
     */
    ObjectsLayout(String prefix) {
        if (prefix.length() > MAX_PREFIX) {
            throw new IllegalArgumentException("the prefix has " + prefix.length() + " characters; at most "
                    + MAX_PREFIX + " are allowed, so that every key fits 1024");
        }
        if (prefix.isEmpty()) {
            this.root = "";
            return;
        }
        for (String part : prefix.split("/", -1)) {
            if (!PREFIX_PART.matcher(part).matches()) {
                throw new IllegalArgumentException(
                        "the prefix may have letters, digits and _=+@!.- in parts separated by"
                                + " single slashes, none of which begins with a dot");
            }
        }
        this.root = prefix + "/";
    }

    /** What all keys begin with: empty, or with a slash at the end. */
    String root() {
        return root;
    }

    String probe() {
        return root + "probe";
    }

    String policy() {
        return root + "policy.json";
    }

    String tombstones() {
        return root + "deleted/";
    }

    String tombstone(String sessionId) {
        return tombstones() + IdCodec.encode(sessionId);
    }

    String removals() {
        return root + "removing/";
    }

    /** What the marks of those who remove steps of a session and day begin with. */
    String removals(LocalDate day, String sessionId) {
        return removals() + day + "/" + IdCodec.encode(sessionId) + "/";
    }

    String sessions() {
        return root + "sessions/";
    }

    String session(String sessionId) {
        return sessions() + IdCodec.encode(sessionId) + "/";
    }

    String days() {
        return root + "days/";
    }

    String day(LocalDate day) {
        return days() + day + "/";
    }

    /** The UTC day on which a revision was captured: that of its marker. */
    static LocalDate dayOf(Revision revision) {
        return LocalDate.ofInstant(revision.capturedAt(), ZoneOffset.UTC);
    }

    String dayMarker(LocalDate day, String sessionId) {
        return day(day) + IdCodec.encode(sessionId);
    }

    String steps(String sessionId) {
        return session(sessionId) + "steps/";
    }

    String revisions(String sessionId, String stepId) {
        return steps(sessionId) + IdCodec.encode(stepId) + "/";
    }

    String revision(String sessionId, String stepId, Revision revision) {
        return revisions(sessionId, stepId) + revision + "/";
    }

    /** The commit record of the revision under {@code revisionPrefix}. */
    String commitRecord(String revisionPrefix) {
        return revisionPrefix + COMMIT_RECORD;
    }

    /**
     * An artifact of the revision under {@code revisionPrefix}.
     *
     * @throws IllegalArgumentException if there can be no artifact of this name
     */
    String artifact(String revisionPrefix, String artifactName, String contentType) {
        if (artifactName.equals(ArtifactName.HTML)) {
            return revisionPrefix + "page.html";
        }
        if (artifactName.equals(ArtifactName.SCREENSHOT)) {
            return revisionPrefix + "screenshot." + extension(contentType);
        }
        if (artifactName.startsWith(ArtifactName.ATTACHMENT_PREFIX)) {
            String name = artifactName.substring(ArtifactName.ATTACHMENT_PREFIX.length());
            return revisionPrefix + "attachments/" + IdCodec.encode(name);
        }
        throw new IllegalArgumentException("an artifact is html, screenshot, or attachments/ and a name");
    }

    /** What the keys of compressed artifacts of the revision under {@code revisionPrefix} begin with. */
    String gzip(String revisionPrefix) {
        return revisionPrefix + "gzip/";
    }

    /** Where an artifact may be: as {@link #artifact} says, or compressed. */
    ArtifactKeys artifactKeys(String revisionPrefix, String artifactName, String contentType) {
        String plain = artifact(revisionPrefix, artifactName, contentType);
        return new ArtifactKeys(plain, gzip(revisionPrefix) + plain.substring(revisionPrefix.length()));
    }

    private static String extension(String contentType) {
        int parameters = contentType.indexOf(';');
        String mediaType = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return EXTENSIONS.getOrDefault(mediaType.strip().toLowerCase(Locale.ROOT), "bin");
    }

    /** The day that a prefix under {@link #days} stands for; empty if it is none of ours. */
    Optional<LocalDate> readDay(String dayPrefix) {
        try {
            LocalDate day = LocalDate.parse(dayPrefix.substring(days().length(), dayPrefix.length() - 1));
            // Five-digit years are dates to Java, but none of ours.
            return day.getYear() <= 9999 && day(day).equals(dayPrefix) ? Optional.of(day) : Optional.empty();
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The session of a day marker under {@code dayPrefix}; empty if the key is none of ours. */
    Optional<String> readSession(String dayPrefix, String key) {
        return decode(key.substring(dayPrefix.length()));
    }

    /** The step and revision that a key under {@code stepsPrefix} commits; empty if it is another object's. */
    Optional<CommitKey> readCommitKey(String stepsPrefix, String key) {
        String[] parts = key.substring(stepsPrefix.length()).split("/", -1);
        if (parts.length != 3 || !parts[2].equals(COMMIT_RECORD)) {
            return Optional.empty();
        }
        return decode(parts[0]).flatMap(step -> readRevision(parts[1]).map(revision -> new CommitKey(step, revision)));
    }

    /** The session that a key under {@link #sessions()} belongs to; empty if it is none of ours. */
    Optional<String> readSessionOf(String key) {
        int end = key.indexOf('/', sessions().length());
        return end < 0 ? Optional.empty() : decode(key.substring(sessions().length(), end));
    }

    /** The revision that an object belongs to; empty if it belongs to none. */
    Optional<RevisionPlace> readRevisionOf(String key) {
        String[] parts =
                key.startsWith(sessions()) ? key.substring(sessions().length()).split("/", 5) : new String[0];
        if (parts.length < 5 || !parts[1].equals("steps")) {
            return Optional.empty();
        }
        return decode(parts[0])
                .flatMap(session -> decode(parts[2])
                        .flatMap(step ->
                                readRevision(parts[3]).map(revision -> new RevisionPlace(session, step, revision))));
    }

    /** The day and session that a key under {@link #removals()} marks; empty if it is none of ours. */
    Optional<SessionEntry> readRemoval(String key) {
        String[] parts = key.substring(removals().length()).split("/", -1);
        if (parts.length != 3) {
            return Optional.empty();
        }
        return readDay(days() + parts[0] + "/")
                .flatMap(day -> decode(parts[1]).map(session -> new SessionEntry(day, session)));
    }

    /** A revision as keys have it; empty if it is none. */
    static Optional<Revision> readRevision(String text) {
        try {
            return Optional.of(Revision.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<String> decode(String encodedId) {
        try {
            return Optional.of(IdCodec.decode(encodedId));
        } catch (InvalidIdException e) {
            return Optional.empty();
        }
    }
}

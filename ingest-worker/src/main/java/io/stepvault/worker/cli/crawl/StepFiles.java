package io.stepvault.worker.cli.crawl;

import io.stepvault.event.Artifact;
import io.stepvault.event.StepCapture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The files of one step.
 *
 * @param directory its directory; its name is the step's id
 */
public record StepFiles(Path directory) {
    private static final String PAGE = "page.html";
    private static final String ACTION = "action.json";
    private static final String ATTACHMENTS = "attachments";
    private static final Map<String, String> SCREENSHOTS = Map.of(
            "screenshot.png", "image/png",
            "screenshot.jpg", "image/jpeg",
            "screenshot.jpeg", "image/jpeg",
            "screenshot.webp", "image/webp");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html",
            "json", "application/json",
            "har", "application/json",
            "txt", "text/plain; charset=utf-8",
            "log", "text/plain; charset=utf-8",
            "png", "image/png",
            "jpg", "image/jpeg",
            "jpeg", "image/jpeg",
            "webp", "image/webp");

    /** The step's id. */
    public String stepId() {
        return CrawlDirectory.name(directory);
    }

    /** Whether any of the files of a step is there. */
    public boolean isStep() {
        return !files().isEmpty();
    }

    /** The bytes of the step's files together, as far as they can be told. */
    public long size() {
        return files().stream().mapToLong(StepFiles::size).sum();
    }

    /** What cannot be told is named when it is read. */
    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    /**
     * Reads the step, all but whether it ended its session.
     *
     * @param sessionId the session it is published under
     * @param sequence its place in the session
     * @throws CrawlException if a file cannot be read, or says what cannot be true
     */
    public StepCapture.Builder read(String sessionId, long sequence) throws CrawlException {
        List<Path> files = files();
        if (files.isEmpty()) {
            throw new CrawlException(
                    directory + " is no step: it holds none of page.html, screenshot.png and action.json", null);
        }
        StepCapture.Builder capture = StepCapture.newBuilder()
                .setSessionId(sessionId)
                .setStepId(stepId())
                .setSequence(sequence);
        Map<String, Artifact> attachments = new HashMap<>();
        Optional<ActionFile> action = Optional.empty();
        for (Path file : files) {
            byte[] bytes = bytes(file);
            String name = CrawlDirectory.name(file);
            if (!directory.equals(file.getParent())) {
                attachments.put(name, artifact(attachmentType(name), bytes));
            } else if (name.equals(PAGE)) {
                capture.setHtml(artifact(isUtf8(bytes) ? "text/html; charset=utf-8" : "text/html", bytes));
            } else if (name.equals(ACTION)) {
                action = Optional.of(ActionFile.parse(file, bytes));
            } else {
                capture.setScreenshot(artifact(SCREENSHOTS.getOrDefault(name, ""), bytes));
            }
        }
        Optional<Instant> told = action.flatMap(ActionFile::capturedAt);
        return capture.setCapturedAt(told.isPresent() ? told.get() : lastModified(files))
                .setUrl(action.flatMap(ActionFile::url).orElse(null))
                .setAction(action.map(ActionFile::text).orElse(null))
                .setAttachments(attachments);
    }

    /** Those that belong to a step, whether readable or not; of several screenshots the first by name. */
    private List<Path> files() {
        List<Path> files = new ArrayList<>();
        addIfThere(files, directory.resolve(PAGE));
        addIfThere(files, directory.resolve(ACTION));
        SCREENSHOTS.keySet().stream()
                .sorted()
                .map(directory::resolve)
                .filter(StepFiles::isFile)
                .findFirst()
                .ifPresent(files::add);
        Path attachments = directory.resolve(ATTACHMENTS);
        if (Files.isDirectory(attachments, LinkOption.NOFOLLOW_LINKS)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(attachments)) {
                entries.forEach(entry -> addIfThere(files, entry));
            } catch (IOException | DirectoryIteratorException e) {
                files.add(attachments); // reading it fails and names it
            }
        }
        return files;
    }

    private static void addIfThere(List<Path> files, Path file) {
        if (isFile(file)) {
            files.add(file);
        }
    }

    private static boolean isFile(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static byte[] bytes(Path file) throws CrawlException {
        try {
            return Files.readAllBytes(file);
        } catch (IOException | OutOfMemoryError e) {
            throw new CrawlException(
                    "cannot read " + file + ": "
                            + (e instanceof IOException io ? CrawlDirectory.reason(io) : "it is too large"),
                    e);
        }
    }

    private Instant lastModified(List<Path> files) throws CrawlException {
        Instant last = Instant.EPOCH;
        try {
            for (Path file : files) {
                Instant modified = Files.getLastModifiedTime(file).toInstant();
                last = modified.isAfter(last) ? modified : last;
            }
        } catch (IOException e) {
            throw new CrawlException("cannot read " + directory + ": " + CrawlDirectory.reason(e), e);
        }
        return last;
    }

    private static Artifact artifact(String contentType, byte[] bytes) {
        return new Artifact(contentType, ByteBuffer.wrap(bytes));
    }

    private static String attachmentType(String name) {
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return TYPES.getOrDefault(extension, "application/octet-stream");
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}

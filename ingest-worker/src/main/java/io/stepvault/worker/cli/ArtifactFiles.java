package io.stepvault.worker.cli;

import io.stepvault.capture.ArtifactName;
import io.stepvault.capture.CommitRecord;
import io.stepvault.capture.IdCodec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * Writes artifacts to files: whole or not at all, and inside a directory always inside it, whatever an artifact is
 * called. Names are the bucket's: {@code page.html}, {@code screenshot.png}, {@code attachments/} and the encoded name.
 */
final class ArtifactFiles {
    private static final String ATTACHMENTS = "attachments";

    private final ArtifactCopy copy;
    private final boolean force;

    /** Writes the bytes of one file. */
    private interface Content {
        void writeTo(OutputStream target) throws IOException;
    }

    /** With {@code force}, files that are there are replaced. */
    ArtifactFiles(ArtifactCopy copy, boolean force) {
        this.copy = copy;
        this.force = force;
    }

    /** Writes one artifact to the file {@code target}. */
    void writeTo(Path target, String artifact) {
        write(target, out -> copy.toStream(artifact, out));
    }

    /** Writes one artifact into {@code directory}, which is made if it is missing, and says to which file. */
    Path writeInto(Path directory, String artifact) {
        Path target = prepare(directory, artifact);
        writeTo(target, artifact);
        return target;
    }

    /** Writes everything of a step into {@code directory}: its artifacts, its action, and {@code step.json}. */
    List<Path> writeAllInto(Path directory, CommitRecord record) {
        List<Path> written = new ArrayList<>();
        for (String artifact : record.artifacts().keySet()) {
            written.add(writeInto(directory, artifact));
        }
        record.action().ifPresent(action -> {
            byte[] text = action.getBytes(StandardCharsets.UTF_8);
            written.add(writeInto(directory, "action.json", text));
        });
        written.add(writeInto(directory, "step.json", record.toJson()));
        return written;
    }

    private Path writeInto(Path directory, String name, byte[] bytes) {
        Path target = makeDirectory(directory).resolve(name);
        write(target, new ByteArrayInputStream(bytes)::transferTo);
        return target;
    }

    private Path prepare(Path directory, String artifact) {
        makeDirectory(directory);
        if (artifact.startsWith(ArtifactName.ATTACHMENT_PREFIX)) {
            Path attachments = directory.resolve(ATTACHMENTS);
            if (Files.isSymbolicLink(attachments)) {
                throw CommandFailure.couldNotRun(
                        attachments + " is a symbolic link, which could lead out of the directory; remove it", null);
            }
            makeDirectory(attachments);
        }
        Path target = directory.resolve(fileName(artifact)).normalize();
        if (!target.startsWith(directory.normalize())) {
            throw new IllegalStateException("an encoded name leads nowhere else");
        }
        return target;
    }

    /** An encoded id has no slash and is neither {@code .} nor {@code ..}. */
    private String fileName(String artifact) {
        String type = copy.info(artifact).contentType();
        if (artifact.equals(ArtifactName.HTML)) {
            return "page.html";
        } else if (artifact.startsWith(ArtifactName.ATTACHMENT_PREFIX)) {
            return ATTACHMENTS + "/" + IdCodec.encode(artifact.substring(ArtifactName.ATTACHMENT_PREFIX.length()));
        } else if (artifact.equals(ArtifactName.SCREENSHOT)) {
            return "screenshot" + extension(type);
        }
        return IdCodec.encode(artifact); // of a later version
    }

    private static String extension(String contentType) {
        String type =
                contentType.toLowerCase(Locale.ROOT).replaceFirst(";.*", "").strip();
        return switch (type) {
            case "image/png" -> ".png";
            case "image/jpeg" -> ".jpg";
            case "image/webp" -> ".webp";
            case "image/gif" -> ".gif";
            default -> ".bin";
        };
    }

    private static Path makeDirectory(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (FileAlreadyExistsException e) {
            throw CommandFailure.couldNotRun(directory + " is a file, not a directory; name another --out", e);
        } catch (IOException e) {
            throw CommandFailure.couldNotRun("cannot make directory " + directory + ": " + reason(e), e);
        }
    }

    /** Into a file beside it first, so that nobody takes half an artifact, or a damaged one, for a whole one. */
    private void write(Path target, Content content) {
        if (!force && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw overwrites(target);
        }
        Path part = target.resolveSibling(".stepvault-" + UUID.randomUUID() + ".part");
        try {
            try (OutputStream out =
                    Files.newOutputStream(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(out);
            }
            if (force) {
                Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
            } else {
                Files.move(part, target);
            }
        } catch (FileAlreadyExistsException e) {
            throw overwrites(target);
        } catch (IOException e) {
            throw CommandFailure.couldNotRun("cannot write " + target + ": " + reason(e), e);
        } finally {
            remove(part);
        }
    }

    private static void remove(Path part) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException e) {
            throw CommandFailure.couldNotRun("cannot remove " + part + ": " + reason(e) + "; remove it by hand", e);
        }
    }

    private static CommandFailure overwrites(Path target) {
        return CommandFailure.couldNotRun(target + " is there already; add --force to overwrite it", null);
    }

    /** Many of these exceptions say no more than the file's name. */
    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }
}

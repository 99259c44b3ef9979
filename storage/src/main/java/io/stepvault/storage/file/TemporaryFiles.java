package io.stepvault.storage.file;

import io.stepvault.storage.object.ListPlace;
import io.stepvault.storage.object.UnfinishedUpload;
import io.stepvault.storage.object.UnfinishedUploads;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Files that were begun and never renamed onto their place. As a rule there are few: opening a store removes those that
 * are a day old. Safe for any thread and for several processes.
 */
final class TemporaryFiles implements UnfinishedUploads {
    private final Path directory;
    private final String prefix;
    private final FileErrors errors;

    /** The files of {@code directory}, the keys of which begin with {@code prefix}. */
    TemporaryFiles(Path directory, String prefix, FileErrors errors) {
        this.directory = directory;
        this.prefix = prefix;
        this.errors = errors;
    }

    /** All on one page. */
    @Override
    public Page list(String wanted, Optional<ListPlace> from) {
        try {
            return new Page(files(wanted), Optional.empty());
        } catch (NoSuchFileException e) {
            throw errors.rootMissing(wanted);
        } catch (IOException e) {
            throw errors.reading(wanted, e);
        }
    }

    private List<UnfinishedUpload> files(String wanted) throws IOException {
        List<UnfinishedUpload> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String key = prefix + file.getFileName();
                if (key.startsWith(wanted)) {
                    attributes(file)
                            .filter(BasicFileAttributes::isRegularFile)
                            .ifPresent(attributes -> found.add(new UnfinishedUpload(
                                    key, "", attributes.lastModifiedTime().toInstant())));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    @Override
    public long bytes(UnfinishedUpload upload) {
        try {
            return attributes(file(upload)).map(BasicFileAttributes::size).orElse(0L);
        } catch (IOException e) {
            throw errors.reading(upload.key(), e);
        }
    }

    @Override
    public void abort(UnfinishedUpload upload) {
        try {
            Files.deleteIfExists(file(upload));
        } catch (IOException e) {
            throw errors.writing(upload.key(), e);
        }
    }

    private Path file(UnfinishedUpload upload) {
        String name = upload.key().startsWith(prefix) ? upload.key().substring(prefix.length()) : "";
        if (name.isEmpty() || name.contains("/") || name.equals("..")) {
            throw new IllegalArgumentException("not a temporary file of this store: " + upload.key());
        }
        return directory.resolve(name);
    }

    private static Optional<BasicFileAttributes> attributes(Path file) throws IOException {
        try {
            return Optional.of(Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            return Optional.empty(); // renamed onto its place, or given up by another
        }
    }
}

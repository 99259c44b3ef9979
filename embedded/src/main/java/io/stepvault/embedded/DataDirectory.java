package io.stepvault.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A server's data directory, held by a lock file from open to close, so that two servers never share it. A temporary
 * one is deleted on close. Used by one thread at a time.
 */
final class DataDirectory implements AutoCloseable {
    private static final String LOCK_FILE = ".embedded.lock";

    private final Path path;
    private final FileChannel lockFile;
    private final boolean temporary;

    private DataDirectory(Path path, FileChannel lockFile, boolean temporary) {
        this.path = path;
        this.lockFile = lockFile;
        this.temporary = temporary;
    }

    /** Creates the directory if it is missing, and takes its lock. */
    static DataDirectory open(Path path) {
        try {
            return lock(Files.createDirectories(path.toAbsolutePath()), false);
        } catch (IOException e) {
            throw new EmbeddedServerException(
                    "Cannot use " + path + " as a data directory (" + e + "): choose a directory that can be written.",
                    e);
        }
    }

    /** A new directory under the system's temporary one. */
    static DataDirectory temporary(String prefix) {
        try {
            return lock(Files.createTempDirectory(prefix), true);
        } catch (IOException e) {
            throw new EmbeddedServerException(
                    "Cannot create a directory under " + System.getProperty("java.io.tmpdir") + " (" + e
                            + "): make room there, or set java.io.tmpdir.",
                    e);
        }
    }

    private static DataDirectory lock(Path path, boolean temporary) throws IOException {
        FileChannel lockFile =
                FileChannel.open(path.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (tryLock(lockFile) == null) {
                throw new EmbeddedServerException(
                        "The data directory " + path + " is in use by another server, in this process or another:"
                                + " stop that one, or choose another directory.",
                        null);
            }
            return new DataDirectory(path, lockFile, temporary);
        } catch (IOException | RuntimeException e) {
            lockFile.close();
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel lockFile) throws IOException {
        try {
            return lockFile.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // held by this very JVM
        }
    }

    Path path() {
        return path;
    }

    /** Further calls do nothing. */
    @Override
    public void close() {
        if (!lockFile.isOpen()) {
            return;
        }
        try (lockFile) {
            if (temporary) {
                deleteTree();
            }
        } catch (IOException e) {
            throw new EmbeddedServerException("Cannot delete " + path + " (" + e + "): delete it by hand.", e);
        }
    }

    private void deleteTree() throws IOException {
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}

package io.stepvault.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Writes files that survive a power cut once the call has returned: a temporary file is written and synced, renamed
 * onto its place, and the directories that lead there are synced. Safe for any thread and for several processes.
 */
final class DurableFiles {
    private static final int MAX_REMEMBERED = 10_000;
    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Path root;
    private final Path temporary;
    /**
     * Directories whose entries on the way from the root this process has synced. That one exists is not enough:
     * another thread or process may have made it a moment ago and not synced it yet.
     */
    private final Set<Path> durable = Collections.newSetFromMap(Collections.synchronizedMap(new Recent()));

    private static final class Recent extends LinkedHashMap<Path, Boolean> {
        private static final long serialVersionUID = 1L;

        Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Boolean> eldest) {
            return size() > MAX_REMEMBERED;
        }
    }

    /** Files under {@code root}, made by way of {@code temporary}, a directory of the same file system. */
    DurableFiles(Path root, Path temporary) {
        this.root = root;
        this.temporary = temporary;
    }

    /** Writes {@code target}, which lies under the root, whole. */
    void write(Path target, ByteBuffer content) throws IOException {
        Path part = temporary.resolve(UUID.randomUUID().toString());
        try {
            try (FileChannel file = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                while (content.hasRemaining()) {
                    file.write(content);
                }
                file.force(true);
            }
            place(part, target);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(part);
            throw e;
        }
    }

    private void place(Path part, Path target) throws IOException {
        Path directory = parent(target);
        makeDurable(directory);
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            // Whoever deletes objects removes directories that are empty, and may have removed this one just now.
            forget(directory);
            makeDurable(directory);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        }
        sync(directory);
    }

    private void makeDurable(Path directory) throws IOException {
        if (directory.equals(root) || durable.contains(directory)) {
            return;
        }
        Path parent = parent(directory);
        makeDurable(parent);
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
        sync(parent);
        durable.add(directory);
    }

    /** Deletes {@code file} and the directories that are empty without it. */
    void delete(Path file) throws IOException {
        Path directory = parent(file);
        if (Files.deleteIfExists(file)) {
            sync(directory);
        }
        while (!directory.equals(root) && isEmpty(directory)) {
            forget(directory);
            // A file that has come meanwhile makes this fail, which is as well.
            if (!Files.deleteIfExists(directory)) {
                return;
            }
            directory = parent(directory);
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            return !children.iterator().hasNext();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private void forget(Path directory) {
        for (Path each = directory; !each.equals(root); each = parent(each)) {
            durable.remove(each);
        }
    }

    /** Removes what crashed processes left behind. What is younger than a day may still be written by another one. */
    void removeAbandoned(Instant now) throws IOException {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(temporary)) {
            for (Path part : parts) {
                try {
                    if (Files.getLastModifiedTime(part).toInstant().isBefore(now.minus(ABANDONED))) {
                        Files.deleteIfExists(part);
                    }
                } catch (NoSuchFileException e) {
                    // Its writer has just renamed it, or another process was faster.
                }
            }
        }
    }

    static void sync(Path directory) throws IOException {
        try (FileChannel open = FileChannel.open(directory, StandardOpenOption.READ)) {
            open.force(true);
        }
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("not under the store's directory");
        }
        return parent;
    }
}

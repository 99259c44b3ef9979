package io.stepvault.worker.audit.sort;

import io.stepvault.worker.spool.file.FreeSpace;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * A directory for files that do not outlive the process, made under another one, which only its own user may enter. It
 * is removed on close. What a process that was killed has left is known by its lock, which nobody holds any more, and is
 * removed by the next one that works under the same directory.
 *
 * <pre>
 * [parent]/stepvault-work-[random]/lock      locked by whoever works there
 * [parent]/stepvault-work-[random]/[n].run   sorted entries
 * </pre>
 *
 * <p>Safe for any thread.
 */
public final class WorkDirectory implements AutoCloseable {
    /** What is left free of the disk, in bytes. */
    public static final long FREE_DISK_FLOOR = 256L << 20;

    private static final String PREFIX = "stepvault-work-";
    private static final String LOCK = "lock";
    private static final Pattern FILE = Pattern.compile("\\d{1,18}\\.run");
    // For the whole process, because the system keeps file locks that way: closing a file lets go of all locks that the
    // process has on it. So a lock file that is held here must not be opened a second time.
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel lock;
    private final FreeSpace free;
    private final long maxBytes;
    private final int leftovers;
    // Guarded by this.
    private long files;
    private long bytes;
    private long mostBytes;

    private WorkDirectory(Path directory, FileChannel lock, FreeSpace free, long maxBytes, int leftovers) {
        this.directory = directory;
        this.lock = lock;
        this.free = free;
        this.maxBytes = maxBytes;
        this.leftovers = leftovers;
    }

    /**
     * Makes one under {@code parent}, which is made if it is missing, and removes what killed processes have left there.
     *
     * @param maxBytes the most that may lie in it; besides, {@link #FREE_DISK_FLOOR} stays free
     * @throws IOException if it cannot be used; the message says why
     */
    public static WorkDirectory under(Path parent, long maxBytes) throws IOException {
        Path real = Files.createDirectories(parent).toRealPath();
        int leftovers = removeLeftovers(real);
        Path directory = Files.createTempDirectory(real, PREFIX, ownerOnly(real));
        HELD.add(directory);
        try {
            FileChannel lock =
                    FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            FileLock unused = lock.lock();
            return new WorkDirectory(directory, lock, FreeSpace.of(directory), maxBytes, leftovers);
        } catch (IOException | RuntimeException e) {
            remove(directory);
            HELD.remove(directory);
            throw e;
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path parent) {
        return parent.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    private static int removeLeftovers(Path parent) throws IOException {
        int removed = 0;
        List<Path> candidates = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(parent, PREFIX + "*")) {
            children.forEach(candidates::add);
        }
        for (Path candidate : candidates) {
            if (!HELD.contains(candidate) && isMine(candidate, parent) && isAbandoned(candidate)) {
                remove(candidate);
                removed++;
            }
        }
        return removed;
    }

    /** The parent may be open to all, as /tmp is: a link there, or somebody else's directory, is left alone. */
    private static boolean isMine(Path candidate, Path parent) throws IOException {
        if (!Files.isDirectory(candidate, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        Path own = Files.createTempFile(parent, ".stepvault-", null);
        try {
            return Files.getOwner(own).equals(Files.getOwner(candidate, LinkOption.NOFOLLOW_LINKS));
        } finally {
            Files.delete(own);
        }
    }

    private static boolean isAbandoned(Path candidate) throws IOException {
        try (FileChannel channel =
                        FileChannel.open(candidate.resolve(LOCK), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
                FileLock taken = channel.tryLock()) {
            return taken != null;
        } catch (NoSuchFileException | OverlappingFileLockException e) {
            return false; // one that is just being made, or removed
        }
    }

    /** Only what such a directory can hold: anything else stays, and the directory with it. */
    private static void remove(Path directory) throws IOException {
        boolean all = true;
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
            stream.forEach(children::add);
        }
        for (Path child : children) {
            String name = String.valueOf(child.getFileName());
            if (FILE.matcher(name).matches() || name.equals(LOCK)) {
                Files.deleteIfExists(child);
            } else {
                all = false;
            }
        }
        if (all) {
            Files.deleteIfExists(directory);
        }
    }

    /** Where it is. */
    public Path path() {
        return directory;
    }

    /** How many directories of killed processes were removed when this was made. */
    public int leftovers() {
        return leftovers;
    }

    /** The most that lay here at a time, in bytes. */
    public synchronized long mostBytes() {
        return mostBytes;
    }

    synchronized Path newFile() {
        files++;
        return directory.resolve(files + ".run");
    }

    /** Makes room for what is about to be written. */
    synchronized void reserve(long more) throws IOException {
        if (bytes + more > maxBytes) {
            throw new IOException("the work directory " + directory + " would take more than " + maxBytes
                    + " bytes; allow more, or take a smaller range");
        }
        if (free.usableBytes() < FREE_DISK_FLOOR + more) {
            throw new IOException("the disk of the work directory " + directory + " is full but for "
                    + (FREE_DISK_FLOOR >> 20) + " MiB, which are left free; name a directory on another disk, or take"
                    + " a smaller range");
        }
        bytes += more;
        mostBytes = Math.max(mostBytes, bytes);
    }

    synchronized void delete(Path file, long size) throws IOException {
        Files.deleteIfExists(file);
        bytes -= size;
    }

    /** Removes it with all that is in it. Idempotent. */
    @Override
    public void close() throws IOException {
        if (HELD.contains(directory)) {
            remove(directory);
            lock.close();
            HELD.remove(directory);
        }
    }
}

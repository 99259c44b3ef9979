package io.stepvault.worker.spool.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's own directory, held by a lock for as long as this is open:
 *
 * <pre>
 * lock      locked by the worker that uses the directory
 * id        a random UUID, made once: who this worker is to Kafka
 * queue/    spool files
 * chunks/   open chunk sets; emptied when a worker opens the directory, since they are read from the topic again
 * corrupt/  damaged spool files that were moved aside
 * </pre>
 *
 * <p>The directory may be a symbolic link; what is in it may not, since a worker empties {@code chunks} and would
 * follow a planted link anywhere. Whatever the worker makes here only its own user may enter (where the file system
 * knows permissions). A directory that was there before keeps its permissions, as it may be a mount point, or more than
 * a spool directory by mistake; the three in it do not.
 *
 * <p>Safe for any thread.
 */
public final class SpoolDirectory implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SpoolDirectory.class);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final String QUEUE = "queue";
    private static final String CHUNKS = "chunks";
    private static final String CORRUPT = "corrupt";
    private static final String LOCK = "lock";
    private static final int MAX_ID_BYTES = 100;

    private final Path root;
    private final FileChannel lockFile;
    private final UUID id;

    private SpoolDirectory(Path root, FileChannel lockFile, UUID id) {
        this.root = root;
        this.lockFile = lockFile;
        this.id = id;
    }

    /**
     * Makes the directory if it is missing, takes its lock, and empties what does not outlive a worker.
     *
     * @throws SpoolInUseException if another worker holds it, in this process or another
     * @throws IOException if it cannot be used; the message says why
     */
    public static SpoolDirectory open(Path directory) throws IOException {
        createDirectories(directory);
        SpoolDirectory opened = openExisting(directory);
        try {
            empty(makeOwn(opened.chunks()));
            return opened;
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /**
     * Takes the lock of a directory that is there, and leaves open chunk sets alone: for those who drain it without
     * being its worker.
     *
     * @throws SpoolInUseException if a worker holds it
     * @throws IOException if it cannot be used; the message says why
     */
    public static SpoolDirectory openExisting(Path directory) throws IOException {
        Path root = directory.toRealPath();
        if (!HeldLocks.add(root)) {
            throw new SpoolInUseException(root);
        }
        FileChannel lockFile = null;
        try {
            lockFile = FileChannel.open(
                    root.resolve(LOCK),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
            lock(lockFile, root);
            makeOwn(queueOf(root));
            makeOwn(corruptOf(root));
            DurableWrite.sync(root, FileOpener.ofSystem());
            return new SpoolDirectory(root, lockFile, identity(root));
        } catch (IOException | RuntimeException e) {
            if (lockFile != null) {
                lockFile.close();
            }
            HeldLocks.remove(root);
            throw e;
        }
    }

    /**
     * Whether a worker holds a directory now, as far as can be told without taking anything away from it.
     *
     * @throws IOException if its lock file cannot be opened
     */
    public static boolean isHeld(Path directory) throws IOException {
        Path root = directory.toRealPath();
        if (HeldLocks.contains(root)) {
            return true;
        }
        // Asking takes a shared lock for a moment: a worker that starts in just that moment is told that it is in use.
        try (FileChannel file = FileChannel.open(
                        root.resolve(LOCK), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
                FileLock shared = file.tryLock(0, Long.MAX_VALUE, true)) {
            return shared == null;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** The directory of spool files within a worker's directory, which need not be open. */
    public static Path queueOf(Path directory) {
        return directory.resolve(QUEUE);
    }

    /** The directory of damaged files within a worker's directory, which need not be open. */
    public static Path corruptOf(Path directory) {
        return directory.resolve(CORRUPT);
    }

    /** Who this worker is, for as long as the directory lives. */
    public UUID id() {
        return id;
    }

    /** The directory itself, links resolved. */
    public Path root() {
        return root;
    }

    /** Where spool files lie. */
    public Path queue() {
        return queueOf(root);
    }

    SpoolPaths paths() {
        return new SpoolPaths(root, queue(), corrupt());
    }

    /** Where open chunk sets lie; empty when the directory is opened. */
    public Path chunks() {
        return root.resolve(CHUNKS);
    }

    /** Where damaged files lie. */
    public Path corrupt() {
        return corruptOf(root);
    }

    /** Lets go of the lock. Idempotent. */
    @Override
    public void close() {
        if (!lockFile.isOpen()) {
            return;
        }
        try {
            lockFile.close();
        } catch (IOException e) {
            log.atWarn()
                    .setCause(e)
                    .addKeyValue("directory", root)
                    .log("Lock of the spool directory could not be closed; it ends with the process");
        } finally {
            HeldLocks.remove(root);
        }
    }

    private static void lock(FileChannel lockFile, Path root) throws IOException {
        FileLock lock;
        try {
            lock = lockFile.tryLock();
        } catch (IOException e) {
            throw new IOException(
                    "the spool directory " + root + " is on a file system that cannot lock files (" + e.getMessage()
                            + "); set spool.dir to a local disk",
                    e);
        }
        if (lock == null) {
            throw new SpoolInUseException(root);
        }
    }

    private static void createDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        try {
            Files.createDirectories(directory, ownerOnly(directory));
        } catch (FileAlreadyExistsException e) {
            throw new IOException("the spool directory " + directory + " is not a directory", e);
        }
        Path parent = directory.toRealPath().getParent();
        if (parent != null) {
            DurableWrite.sync(parent, FileOpener.ofSystem());
        }
    }

    private static Path makeOwn(Path directory) throws IOException {
        try {
            Files.createDirectory(directory, ownerOnly(directory));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(
                        directory + " in the spool directory is a link, or no directory; remove it, or set spool.dir"
                                + " to another directory",
                        e);
            }
            PosixFileAttributeView view = posix(directory);
            if (view != null && !view.readAttributes().permissions().equals(OWNER_ONLY)) {
                view.setPermissions(OWNER_ONLY);
            }
        }
        return directory;
    }

    private static FileAttribute<?>[] ownerOnly(Path directory) {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
    }

    private static @Nullable PosixFileAttributeView posix(Path directory) {
        return Files.getFileAttributeView(directory, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static void empty(Path chunks) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(chunks)) {
            for (Path file : files) {
                if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static UUID identity(Path root) throws IOException {
        Path file = root.resolve("id");
        Optional<UUID> known = readIdentity(file);
        if (known.isPresent()) {
            return known.get();
        }
        UUID id = UUID.randomUUID();
        Path temporary = root.resolve("id.tmp");
        Files.deleteIfExists(temporary);
        DurableWrite.write(
                temporary,
                FileOpener.ofSystem(),
                out -> out.write((id + "\n").getBytes(StandardCharsets.US_ASCII)),
                ByteBuffer.allocateDirect(MAX_ID_BYTES));
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        DurableWrite.sync(root, FileOpener.ofSystem());
        return id;
    }

    private static Optional<UUID> readIdentity(Path file) throws IOException {
        byte[] bytes;
        try (FileChannel channel = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            ByteBuffer buffer = ByteBuffer.allocate(MAX_ID_BYTES);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {}
            bytes = new byte[buffer.flip().remaining()];
            buffer.get(bytes);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (FileSystemException e) {
            throw new IOException("the worker's id in " + file + " cannot be read: " + e.getMessage(), e);
        }
        try {
            return Optional.of(UUID.fromString(new String(bytes, StandardCharsets.US_ASCII).strip()));
        } catch (IllegalArgumentException e) {
            log.atWarn()
                    .addKeyValue("file", file)
                    .log("The worker's id is not a UUID; a new one is made, and transactions of the old one time out");
            return Optional.empty();
        }
    }
}

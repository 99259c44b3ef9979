package io.stepvault.worker.spool.file;

import static java.util.Objects.requireNonNull;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import io.stepvault.worker.spool.SpoolEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * The disk of a simulated machine, with the real spool files on it. A file's bytes survive a power cut once the file was
 * synced, and its name once the directory was; of all else any part may survive.
 */
public final class SimulatedDisk implements FileOpener, AutoCloseable {
    private final Random random;
    private final boolean syncs;
    private final FileSystem files;
    private final SpoolPaths paths;
    private final Map<Object, byte[]> synced = new HashMap<>();
    private final Map<Path, Map<String, Object>> syncedNames = new HashMap<>();
    private long freeBytes = Long.MAX_VALUE;
    private long bytesUntilFailure = Long.MAX_VALUE;
    private int syncsUntilFailure = Integer.MAX_VALUE;

    /**
     * An empty disk.
     *
     * @param syncs whether it does what it is told when it is told to sync
     */
    public SimulatedDisk(Random random, boolean syncs) {
        this.random = random;
        this.syncs = syncs;
        this.files = Jimfs.newFileSystem(
                Configuration.unix().toBuilder().setBlockSize(512).build());
        Path root = files.getPath("/spool");
        this.paths = new SpoolPaths(root, root.resolve("queue"), root.resolve("corrupt"));
        try {
            Files.createDirectories(paths.queue());
            Files.createDirectories(paths.corrupt());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The spool of a process that has just started on this machine. */
    public record Spool(SpoolFiles disk, List<SpoolEntry> found) {}

    /** Opens it as a worker does when it starts. */
    public Spool open(SpoolLimits limits, Clock clock, ExecutorService writer, ExecutorService reader) {
        try {
            SpoolContents contents = SpoolContents.read(paths, this, clock);
            SpoolFiles disk = new SpoolFiles(
                    paths, contents, limits, () -> freeBytes, clock, new SpoolFiles.Access(this, writer, reader));
            return new Spool(disk, contents.batches());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has so much room left, as far as it tells. */
    public void hasLeft(long bytes) {
        freeBytes = bytes;
    }

    /** Fails in the middle of a file, once, after so many bytes more. */
    public void failAfter(long bytes) {
        bytesUntilFailure = bytes;
    }

    /** Fails at a sync, once, after so many more. */
    public void failSyncAfter(int count) {
        syncsUntilFailure = count;
    }

    /** Works as it should. */
    public void heal() {
        freeBytes = Long.MAX_VALUE;
        bytesUntilFailure = Long.MAX_VALUE;
        syncsUntilFailure = Integer.MAX_VALUE;
    }

    /** The names of the spool files on it. */
    public List<String> names() {
        try {
            return SpoolContents.names(paths.queue());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Flips a bit of a file. */
    public void damage(String name) {
        try {
            Path file = paths.queue().resolve(name);
            byte[] bytes = Files.readAllBytes(file);
            if (bytes.length > 0) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, bytes);
                Object key = key(file);
                if (synced.containsKey(key)) {
                    synced.put(key, bytes);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The power goes: what was not synced is there no more, or in part. */
    public void losePower() {
        try {
            for (Path directory : List.of(paths.queue(), paths.corrupt())) {
                losePower(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void losePower(Path directory) throws IOException {
        Map<String, Object> durable = new HashMap<>(syncedNames.getOrDefault(directory, Map.of()));
        Map<String, Object> now = names(directory);
        Map<String, byte[]> after = new TreeMap<>();
        Set<String> all = new HashSet<>(durable.keySet());
        all.addAll(now.keySet());
        for (String name : all.stream().sorted().toList()) {
            boolean certain = durable.containsKey(name) && durable.get(name).equals(now.get(name));
            Object file = certain || random.nextBoolean() ? now.get(name) : durable.get(name);
            if (file != null) {
                byte[] bytes = synced.get(file);
                after.put(name, bytes != null ? bytes : torn(directory.resolve(name)));
            }
        }
        for (String name : now.keySet()) {
            Files.delete(directory.resolve(name));
        }
        for (Map.Entry<String, byte[]> survivor : after.entrySet()) {
            Path file = directory.resolve(survivor.getKey());
            Files.write(file, survivor.getValue());
            synced.put(key(file), survivor.getValue());
        }
        syncedNames.put(directory, names(directory));
    }

    private byte[] torn(Path file) throws IOException {
        byte[] whole = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        return Arrays.copyOf(whole, random.nextInt(whole.length + 1));
    }

    private static Map<String, Object> names(Path directory) throws IOException {
        Map<String, Object> names = new TreeMap<>();
        try (DirectoryStream<Path> there = Files.newDirectoryStream(directory)) {
            for (Path file : there) {
                names.put(file.getFileName().toString(), key(file));
            }
        }
        return names;
    }

    private static Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    @Override
    public FileChannel open(Path path, Set<? extends OpenOption> options) throws IOException {
        return Files.isDirectory(path) ? new Channel(path, null) : new Channel(path, FileChannel.open(path, options));
    }

    private void sync(Path path) throws IOException {
        if (syncsUntilFailure != Integer.MAX_VALUE && syncsUntilFailure-- == 0) {
            syncsUntilFailure = Integer.MAX_VALUE;
            throw new IOException("Input/output error");
        }
        if (!syncs) {
            return;
        }
        if (Files.isDirectory(path)) {
            syncedNames.put(path, names(path));
        } else {
            synced.put(key(path), Files.readAllBytes(path));
        }
    }

    private int mayWrite(int bytes) throws IOException {
        if (bytesUntilFailure == Long.MAX_VALUE) {
            return bytes;
        }
        if (bytesUntilFailure == 0) {
            bytesUntilFailure = Long.MAX_VALUE;
            throw new IOException("No space left on device");
        }
        int may = (int) Math.min(bytes, bytesUntilFailure);
        bytesUntilFailure -= may;
        return may;
    }

    @Override
    public void close() {
        try {
            files.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Channel extends WriteOnlyChannel {
        private final Path path;
        private final @Nullable FileChannel real;

        /** A channel to a file, or to a directory, which has nothing to write and is only synced. */
        Channel(Path path, @Nullable FileChannel real) {
            this.path = path;
            this.real = real;
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            ByteBuffer part = from.slice();
            part.limit(mayWrite(part.remaining()));
            int written = requireNonNull(real).write(part);
            from.position(from.position() + written);
            return written;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            sync(path);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            if (real != null) {
                real.close();
            }
        }
    }
}

package io.stepvault.storage.file;

import io.stepvault.storage.object.ByteRange;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectPage;
import io.stepvault.storage.object.ObjectRefusedException;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.storage.object.UnfinishedUploads;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;

/**
 * An object store in a directory of a POSIX file system: the key is the path. Content types and metadata are not kept.
 * Several processes may use a directory at once. Safe for any thread.
 */
public final class FileObjectStore implements ObjectStore {
    private static final String TEMPORARY = ".tmp";
    // No part is empty or begins with a dot, so no key leads out of the root or to the temporary files.
    private static final Pattern KEY = Pattern.compile("[!-}&&[^./]][!-}&&[^/]]*(?:/[!-}&&[^./]][!-}&&[^/]]*)*");

    private final Path root;
    private final Executor executor;
    private final DurableFiles files;
    private final FileErrors errors;

    private FileObjectStore(Path root, Executor executor) {
        this.root = root;
        this.executor = executor;
        this.files = new DurableFiles(root, root.resolve(TEMPORARY));
        this.errors = new FileErrors(locationOf(root).toString());
    }

    /**
     * Opens the directory {@code root}, making it if it is missing, and removes what crashed writers left there more
     * than a day ago.
     *
     * @param executor writes files: its threads block
     * @throws StoreException if the directory cannot be made or written, or its file system does not tell upper from
     *     lower case
     */
    public static FileObjectStore open(Path root, Executor executor, Clock clock) {
        Path absolute = root.toAbsolutePath().normalize();
        FileObjectStore store = new FileObjectStore(absolute, executor);
        try {
            Files.createDirectories(absolute.resolve(TEMPORARY));
            store.refuseCaseInsensitive();
            store.files.removeAbandoned(clock.instant());
        } catch (IOException e) {
            throw store.errors.writing("", e);
        }
        return store;
    }

    private void refuseCaseInsensitive() throws IOException {
        String name = UUID.randomUUID().toString();
        Path upper = root.resolve(TEMPORARY).resolve("CASE-" + name);
        Files.createFile(upper);
        try {
            if (Files.exists(root.resolve(TEMPORARY).resolve("case-" + name))) {
                throw new StoreAccessException(
                        location().toString(),
                        "",
                        "the file system does not tell upper from lower case, so ids would collide; use another one",
                        null);
            }
        } finally {
            Files.deleteIfExists(upper);
        }
    }

    @Override
    public CompletableFuture<Void> put(PutRequest request) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        try {
            executor.execute(() -> write(request, done));
        } catch (RejectedExecutionException e) {
            done.completeExceptionally(new TransientStoreException(
                    location().toString(), request.key(), "the store is closed; open it again", e));
        }
        return done;
    }

    private void write(PutRequest request, CompletableFuture<Void> done) {
        String key = request.key();
        try {
            Path target = path(key).orElse(null);
            if (target == null) {
                throw new ObjectRefusedException(
                        location().toString(), key, "a key's parts are not empty and begin with no dot", null);
            }
            if (!Files.isDirectory(root.resolve(TEMPORARY))) {
                // Making it anew would write below the mount point of a disk that has gone.
                throw errors.rootMissing(key);
            }
            files.write(target, request.body());
            done.complete(null);
        } catch (IOException e) {
            done.completeExceptionally(errors.writing(key, e));
        } catch (StoreException e) {
            done.completeExceptionally(e);
        } catch (RuntimeException e) {
            done.completeExceptionally(new TransientStoreException(
                    location().toString(), key, "unexpected failure while writing; please report it", e));
        }
    }

    @Override
    public CompletableFuture<Boolean> exists(String key) {
        CompletableFuture<Boolean> found = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                try {
                    found.complete(head(key).isPresent());
                } catch (RuntimeException e) {
                    found.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            found.completeExceptionally(
                    new TransientStoreException(location().toString(), key, "the store is closed; open it again", e));
        }
        return found;
    }

    @Override
    public InputStream get(String key, Optional<ByteRange> range) {
        Path file = existing(key);
        try {
            SeekableByteChannel channel = Files.newByteChannel(file);
            try {
                if (range.isEmpty()) {
                    return Channels.newInputStream(channel);
                }
                if (range.get().offset() >= channel.size()) {
                    throw new IllegalArgumentException("range begins past the end of " + key);
                }
                channel.position(range.get().offset());
                return new BoundedStream(
                        Channels.newInputStream(channel), range.get().length());
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw errors.reading(key, e);
        }
    }

    /** The file of a key that is to be read; a directory is no object. */
    private Path existing(String key) {
        Path file = path(key).orElse(null);
        if (file == null || Files.isDirectory(file)) {
            throw errors.reading(key, new NoSuchFileException(key));
        }
        return file;
    }

    @Override
    public Optional<ObjectInfo> head(String key) {
        Optional<Path> file = path(key);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        try {
            BasicFileAttributes attributes = Files.readAttributes(file.get(), BasicFileAttributes.class);
            return attributes.isRegularFile()
                    ? Optional.of(new ObjectInfo(
                            key,
                            attributes.size(),
                            attributes.lastModifiedTime().toInstant()))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw errors.reading(key, e);
        }
    }

    @Override
    public ObjectPage list(ListRequest request) {
        String directory = request.prefix().substring(0, request.prefix().lastIndexOf('/') + 1);
        if (!directory.isEmpty()
                && path(directory.substring(0, directory.length() - 1)).isEmpty()) {
            return new ObjectPage(List.of(), List.of(), false);
        }
        if (!Files.isDirectory(root)) {
            throw errors.rootMissing(request.prefix());
        }
        try {
            return FileListing.list(root, request);
        } catch (IOException e) {
            throw errors.reading(request.prefix(), e);
        }
    }

    @Override
    public void delete(String key) {
        Optional<Path> file = path(key);
        if (file.isEmpty() || Files.isDirectory(file.get())) {
            return;
        }
        try {
            files.delete(file.get());
        } catch (NoSuchFileException e) {
            // Its directory was removed meanwhile, by one who deletes too.
        } catch (IOException e) {
            throw errors.writing(key, e);
        }
    }

    /** Temporary files: those that crashed writers left behind, and those of writers at work. */
    @Override
    public Optional<UnfinishedUploads> unfinishedUploads() {
        return Optional.of(new TemporaryFiles(root.resolve(TEMPORARY), TEMPORARY + "/", errors));
    }

    @Override
    public URI uriOf(String key) {
        return key.isEmpty() ? location() : root.resolve(key).toUri();
    }

    @Override
    public URI location() {
        return locationOf(root);
    }

    /** Path's own adds a slash at the end only as long as the directory exists. */
    private static URI locationOf(Path root) {
        String uri = root.toUri().toString();
        return URI.create(
                uri.endsWith("/") && uri.length() > "file:///".length() ? uri.substring(0, uri.length() - 1) : uri);
    }

    @Override
    public void close() {}

    private Optional<Path> path(String key) {
        return KEY.matcher(key).matches() ? Optional.of(root.resolve(key)) : Optional.empty();
    }
}

package io.stepvault.worker.spool.view;

import io.stepvault.event.StepCapture;
import io.stepvault.storage.CaptureObjects;
import io.stepvault.storage.ObjectStepStore;
import io.stepvault.storage.StepStore;
import io.stepvault.storage.StoreOptions;
import io.stepvault.storage.object.ByteRange;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.ObjectPage;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.StoreAccessException;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.wire.CaptureDecoder;
import io.stepvault.wire.DecodeResult;
import io.stepvault.worker.spool.SpoolEntry;
import io.stepvault.worker.spool.SpooledBatch;
import io.stepvault.worker.spool.file.DamagedException;
import io.stepvault.worker.spool.file.ScannedFile;
import io.stepvault.worker.spool.file.SpoolContents;
import io.stepvault.worker.spool.file.SpoolDirectory;
import io.stepvault.worker.spool.file.SpoolReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The captures that wait in a worker's disk queue, as the objects that they will become; beside the worker that writes
 * and drains it. Nothing can be written. A capture that was drained is gone from here and in the worker's store.
 *
 * <p>The directory is looked at again when something is asked and the last look was a second ago. The first look reads
 * every file, and hashes every capture, so it takes as long as the disk needs for that; later ones read what is new. A
 * capture that cannot be decoded is not shown.
 *
 * <p>Safe for any thread. At most four batches are in memory at a time, besides the artifacts that are being read.
 */
public final class SpooledObjects implements ObjectStore {
    private static final Logger log = LoggerFactory.getLogger(SpooledObjects.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final int MAX_BATCHES_IN_MEMORY = 4;

    private final Path queue;
    private final Clock clock;
    private final CaptureDecoder decoder = CaptureDecoder.withoutRegistry();
    private final Semaphore batches = new Semaphore(MAX_BATCHES_IN_MEMORY);

    // Guarded by this.
    private final SpoolIndex index = new SpoolIndex();
    private Instant lookedAt = Instant.MIN;

    /** The queue in a worker's spool directory, which need not be open. */
    public SpooledObjects(Path directory, Clock clock) {
        this.queue = SpoolDirectory.queueOf(directory);
        this.clock = clock;
    }

    /** A step store that shows what waits in a worker's spool directory. Storing and deleting fail. */
    public static StepStore openStore(Path directory, StoreOptions options) {
        return new ObjectStepStore(new SpooledObjects(directory, options.clock()), "", options);
    }

    @Override
    public ObjectPage list(ListRequest request) {
        synchronized (this) {
            look();
            return index.list(request);
        }
    }

    @Override
    public Optional<ObjectInfo> head(String key) {
        synchronized (this) {
            look();
            return index.info(key);
        }
    }

    @Override
    public InputStream get(String key, Optional<ByteRange> range) {
        SpooledRevision revision;
        synchronized (this) {
            look();
            revision = index.revision(key).orElseThrow(() -> new ObjectNotFoundException(store(), key, null));
        }
        ByteBuffer bytes = objects(revision, key).stream()
                .filter(object -> object.key().equals(key))
                .findFirst()
                .map(PutRequest::body)
                .orElseThrow(() -> new ObjectNotFoundException(store(), key, null));
        long from = range.map(ByteRange::offset).orElse(0L);
        if (from > 0 && from >= bytes.remaining()) {
            throw new IllegalArgumentException("range begins past the end of " + key);
        }
        long length =
                Math.min(bytes.remaining() - from, range.map(ByteRange::length).orElse(Long.MAX_VALUE));
        return new ByteArrayInputStream(
                bytes.array(), bytes.arrayOffset() + bytes.position() + (int) from, (int) length);
    }

    private List<PutRequest> objects(SpooledRevision revision, String key) {
        batches.acquireUninterruptibly();
        try {
            SpooledBatch batch = new SpoolReader().read(queue, revision.batch());
            return objects(batch, revision.place());
        } catch (NoSuchFileException e) {
            throw new ObjectNotFoundException(
                    store(), key, "its worker has drained it meanwhile; look in the worker's store", e);
        } catch (DamagedException e) {
            throw new ObjectNotFoundException(store(), key, "its spool file is damaged: " + e.getMessage(), e);
        } catch (IOException e) {
            throw unreadable(key, e);
        } finally {
            batches.release();
        }
    }

    /** Empty if the capture cannot be decoded, or never be stored. */
    private List<PutRequest> objects(SpooledBatch batch, int place) {
        if (decoder.decode(batch.captures().get(place).record().value()) instanceof DecodeResult.Decoded decoded) {
            StepCapture capture = decoded.capture();
            try {
                return CaptureObjects.of(capture);
            } catch (IllegalArgumentException e) {
                return List.of(); // its worker will dead-letter it
            }
        }
        return List.of();
    }

    /** Takes note of what has come and gone. */
    private synchronized void look() {
        Instant now = clock.instant();
        if (now.isBefore(lookedAt.plus(LOOK_AGAIN)) && !now.isBefore(lookedAt)) {
            return;
        }
        try {
            Set<String> there = new HashSet<>(SpoolContents.names(queue));
            index.files().stream().filter(file -> !there.contains(file)).forEach(index::remove);
            there.removeAll(index.files());
            for (String file : there.stream().sorted().toList()) {
                try {
                    captures(file).ifPresent(captures -> index.add(file, captures));
                } catch (NoSuchFileException e) {
                    // Drained and removed since the directory was read.
                }
            }
        } catch (IOException e) {
            throw unreadable("", e);
        }
        lookedAt = clock.instant();
    }

    /** Empty if the file cannot be read for now. */
    private Optional<List<SpooledRevision>> captures(String file) throws IOException {
        SpoolReader reader = new SpoolReader();
        ScannedFile scanned = reader.scan(queue.resolve(file));
        if (scanned.condition() != ScannedFile.Condition.INTACT) {
            log.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("problem", scanned.problem())
                    .log("Spool file is not intact; what is intact in it can be read");
        }
        List<SpooledRevision> captures = new ArrayList<>();
        for (SpoolEntry entry : scanned.batches()) {
            try {
                SpooledBatch batch = reader.read(queue, entry);
                for (int i = 0; i < batch.captures().size(); i++) {
                    List<PutRequest> objects = objects(batch, i);
                    if (!objects.isEmpty()) {
                        captures.add(new SpooledRevision(entry, i, objects));
                    }
                }
            } catch (DamagedException e) {
                log.atWarn()
                        .addKeyValue("file", file)
                        .addKeyValue("problem", e.getMessage())
                        .log("Spool file was damaged while it was read");
            }
        }
        return scanned.condition() == ScannedFile.Condition.UNREADABLE ? Optional.empty() : Optional.of(captures);
    }

    private TransientStoreException unreadable(String key, IOException cause) {
        return new TransientStoreException(
                store(), key, "the spool directory cannot be read (" + cause + "); check the path and the disk", cause);
    }

    /** What a worker will store cannot be stored here. */
    @Override
    public CompletableFuture<Void> put(PutRequest request) {
        return CompletableFuture.failedFuture(readOnly(request.key()));
    }

    @Override
    public void delete(String key) {
        throw readOnly(key);
    }

    private StoreAccessException readOnly(String key) {
        return new StoreAccessException(
                store(), key, "a disk queue is only read here; its worker alone writes and drains it", null);
    }

    /** Where the object's bytes are: in a file of the queue. */
    @Override
    public URI uriOf(String key) {
        synchronized (this) {
            return index.revision(key)
                    .map(revision -> queue.resolve(revision.batch().file()).toUri())
                    .orElseGet(this::location);
        }
    }

    @Override
    public URI location() {
        return queue.toUri();
    }

    private String store() {
        return location().toString();
    }

    /** Holds nothing open. */
    @Override
    public void close() {}
}

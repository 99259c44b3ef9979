package io.stepvault.storage;

import io.stepvault.capture.Revision;
import io.stepvault.storage.object.ByteRange;
import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.storage.retry.BlockingRetry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Shows what a store holds object by object, whole steps and parts of steps, for those who compare it with what it should
 * hold. Readers of steps use {@link StepStore}. Changes nothing. Calls block, and are made again when the store fails for
 * the moment.
 *
 * <p>Safe for any thread.
 */
public final class StoreInspection implements AutoCloseable {
    private static final int GZIP_LEAST_BYTES = 18;
    private static final int GZIP_TRAILER_BYTES = 8;
    private static final int READ_BYTES = 64 << 10;

    private final ObjectStore objects;
    private final ObjectsLayout layout;
    private final BlockingRetry retry;
    private final CheckedReader reader;
    private final Tombstones tombstones;
    private final Runnable onClose;

    /**
     * Shows {@code objects}, which stays open.
     *
     * @param prefix what all keys begin with, without a slash at the end; may be empty
     * @throws IllegalArgumentException if the prefix has more than 200 characters or some that keys cannot have
     */
    public StoreInspection(ObjectStore objects, String prefix, StoreOptions options) {
        this(objects, new ObjectsLayout(prefix), new BlockingRetry(options.retry()), () -> {});
    }

    StoreInspection(ObjectStore objects, ObjectsLayout layout, BlockingRetry retry, Runnable onClose) {
        this.objects = objects;
        this.layout = layout;
        this.retry = retry;
        this.reader = new CheckedReader(objects, retry);
        this.tombstones = new Tombstones(objects, layout, retry);
        this.onClose = onClose;
    }

    /**
     * Opens a store for inspection; see {@link StepStore#open(URI, StoreOptions)}. It is the caller's to close.
     *
     * @throws IllegalArgumentException if the URI does not name a store; the message says what is wrong with it
     * @throws StoreException if a directory cannot be used; an S3 bucket is not asked before the first call
     */
    public static StoreInspection open(URI uri, StoreOptions options) {
        return StoreOpener.openInspection(uri, options);
    }

    /** Where the store is, as a URI without parameters. */
    public URI location() {
        return objects.uriOf(layout.root());
    }

    /**
     * The store's policy; empty if it has none, which keeps all for ever.
     *
     * @throws ObjectCorruptException if it is not understood to its end
     * @throws StoreException if the store fails
     */
    public Optional<LifecyclePolicy> policy() {
        return new PolicyFile(objects, layout, retry).read();
    }

    /**
     * Shows all that is there of sessions whose ids begin with {@code idPrefix} (all, if it is empty), deleted ones too, in
     * {@link KeyOrder}: by one request for each 1,000 objects.
     *
     * @param strangers is shown what lies among the sessions and belongs to no revision
     * @throws io.stepvault.capture.InvalidIdException if no id can begin with the prefix
     * @throws StoreException if the store fails
     */
    public void forEach(String idPrefix, Consumer<StoredRevision> action, Consumer<ObjectInfo> strangers) {
        forEachUnder(layout.sessions() + SessionFilter.encoded(idPrefix), action, strangers);
    }

    /**
     * Shows all that is there of one session, in {@link KeyOrder#OF_REVISIONS}.
     *
     * @param strangers is shown what lies in the session and belongs to no revision
     * @throws io.stepvault.capture.InvalidIdException if the id can not be one of a stored session
     * @throws StoreException if the store fails
     */
    public void forEachOf(String sessionId, Consumer<StoredRevision> action, Consumer<ObjectInfo> strangers) {
        forEachUnder(layout.session(sessionId), action, strangers);
    }

    /**
     * What is there of one revision; empty if nothing is.
     *
     * @throws io.stepvault.capture.InvalidIdException if an id can not be one of a stored step
     * @throws StoreException if the store fails
     */
    public Optional<StoredRevision> find(String sessionId, String stepId, Revision revision) {
        Deque<StoredRevision> found = new ArrayDeque<>(1);
        forEachUnder(layout.revision(sessionId, stepId, revision), found::add, stranger -> {});
        return found.stream().findFirst();
    }

    /**
     * The last revisions of a step that are committed, at most {@code count}, oldest first.
     *
     * @throws io.stepvault.capture.InvalidIdException if an id can not be one of a stored step
     * @throws StoreException if the store fails
     */
    public List<Revision> lastRevisions(String sessionId, String stepId, int count) {
        Deque<Revision> last = new ArrayDeque<>();
        Consumer<StoredRevision> keep = revision -> {
            if (revision.isCommitted()) {
                last.addLast(revision.revision());
                if (last.size() > count) {
                    last.removeFirst();
                }
            }
        };
        forEachUnder(layout.revisions(sessionId, stepId), keep, stranger -> {});
        return List.copyOf(last);
    }

    private void forEachUnder(String prefix, Consumer<StoredRevision> action, Consumer<ObjectInfo> strangers) {
        Sweep sweep = new Sweep(objects, retry, removed -> {}, true);
        RevisionObjects.forEach(
                sweep, layout, prefix, revision -> action.accept(StoredRevision.of(revision)), strangers);
    }

    /**
     * Whether a session has been deleted.
     *
     * @throws io.stepvault.capture.InvalidIdException if the id can not be one of a stored session
     * @throws StoreException if the store fails
     */
    public boolean isDeleted(String sessionId) {
        return tombstones.isDeleted(sessionId);
    }

    /**
     * Tells of many sessions whether they were deleted, or were a moment ago: by few requests if they are asked for in the
     * order of their ids. For one thread.
     */
    public Predicate<String> deletedSessions() {
        return tombstones.scan()::isDeleted;
    }

    /**
     * The name under which an artifact is stored in its plain form, as {@link StoredObject#name} has it.
     *
     * @throws IllegalArgumentException if there can be no artifact of this name
     */
    public static String objectName(String artifactName, String contentType) {
        return new ObjectsLayout("").artifact("", artifactName, contentType);
    }

    /** The key of an object. */
    public String key(StoredRevision revision, StoredObject object) {
        return layout.revision(revision.sessionId(), revision.stepId(), revision.revision()) + object.name();
    }

    /**
     * The bytes of {@code step.json}; empty if there is none any more.
     *
     * @throws ObjectCorruptException if it is too large to be one
     * @throws StoreException if the store fails
     */
    public Optional<byte[]> readCommitRecord(StoredRevision revision) {
        String prefix = layout.revision(revision.sessionId(), revision.stepId(), revision.revision());
        return reader.readCommitRecord(layout.commitRecord(prefix));
    }

    /**
     * What the store tells of an artifact by one small request: of one in plain form the checksum that came with its put, if
     * the store keeps it; of a compressed one the size and checksum that its last bytes name (RFC 1952), which say nothing
     * of the bytes before.
     *
     * @throws ObjectNotFoundException if it is gone
     * @throws StoreException if the store fails
     */
    public ContentTrace trace(StoredRevision revision, StoredObject object) {
        String key = key(revision, object);
        if (object.isCompressed()) {
            return object.size() < GZIP_LEAST_BYTES
                    ? ContentTrace.NOTHING
                    : retry.call(() -> traceOfGzip(key, object.size()));
        }
        OptionalInt crc32 = objects.checksums()
                .map(checksums -> retry.call(() -> checksums.crc32(key)))
                .orElse(OptionalInt.empty());
        return new ContentTrace(OptionalLong.of(object.size()), crc32);
    }

    private ContentTrace traceOfGzip(String key, long size) {
        ByteRange last = new ByteRange(size - GZIP_TRAILER_BYTES, GZIP_TRAILER_BYTES);
        byte[] trailer;
        try {
            trailer = CheckedReader.readWhole(objects.get(key, Optional.of(last)), store(), key, GZIP_TRAILER_BYTES);
        } catch (IllegalArgumentException e) {
            return ContentTrace.NOTHING; // shorter than it was listed
        }
        if (trailer.length < GZIP_TRAILER_BYTES) {
            return ContentTrace.NOTHING;
        }
        ByteBuffer numbers = ByteBuffer.wrap(trailer).order(ByteOrder.LITTLE_ENDIAN);
        int crc32 = numbers.getInt();
        return new ContentTrace(OptionalLong.of(Integer.toUnsignedLong(numbers.getInt())), OptionalInt.of(crc32));
    }

    /**
     * Reads an artifact to its end, decompressed.
     *
     * @param most where reading ends at the latest; if there are more bytes, the size is {@code most + 1} and the hash
     *     that of so many
     * @throws ObjectNotFoundException if it is gone
     * @throws ObjectCorruptException if its compressed form is damaged
     * @throws StoreException if the store fails
     */
    public ContentDigest digest(StoredRevision revision, StoredObject object, long most) {
        String key = key(revision, object);
        return retry.call(() -> {
            InputStream stored = objects.get(key);
            return digest(object.isCompressed() ? Gzip.decompressed(stored, store(), key) : stored, key, most);
        });
    }

    private ContentDigest digest(InputStream content, String key, long most) {
        try (content) {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[READ_BYTES];
            long size = 0;
            int count = 0;
            while (count >= 0 && size <= most) {
                sha256.update(buffer, 0, count);
                size += count;
                count = content.read(buffer, 0, (int) Math.min(buffer.length, most + 1 - size));
            }
            return new ContentDigest(size, HexFormat.of().formatHex(sha256.digest()));
        } catch (IOException e) {
            if (e.getCause() instanceof StoreException classified) {
                throw classified;
            }
            throw new TransientStoreException(store(), key, "reading broke off; try again", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private String store() {
        return objects.location().toString();
    }

    /** Lets go of connections and threads, if this was opened by a URI. Idempotent. */
    @Override
    public void close() {
        onClose.run();
    }
}

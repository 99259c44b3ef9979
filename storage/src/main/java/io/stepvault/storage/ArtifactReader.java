package io.stepvault.storage;

import io.stepvault.capture.ArtifactInfo;
import io.stepvault.storage.object.ByteRange;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.StoreException;
import io.stepvault.storage.retry.BlockingRetry;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Reads artifacts in whichever form they are stored, again when the store fails for the moment, and compares them with
 * the commit record. What may be compressed is looked for in the form in which the last such artifact was found, so that
 * a second request is needed only where forms are mixed. Safe for any thread.
 */
final class ArtifactReader {
    private final ObjectStore objects;
    private final BlockingRetry retry;
    private volatile Compression likely;

    /**
     * Reads from {@code objects}.
     *
     * @param likely the form to look for until one has been found
     */
    ArtifactReader(ObjectStore objects, BlockingRetry retry, Compression likely) {
        this.objects = objects;
        this.retry = retry;
        this.likely = likely;
    }

    String store() {
        return objects.location().toString();
    }

    /** A stream that fails at its end if it is not the artifact expected. */
    InputStream open(ArtifactKeys keys, ArtifactInfo expected) {
        return inEitherForm(expected, form -> retry.call(() -> checked(keys.of(form), form, expected)));
    }

    /** The artifact whole. */
    byte[] read(ArtifactKeys keys, ArtifactInfo expected) {
        if (expected.size() > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("an artifact of " + expected.size() + " bytes must be read as a stream");
        }
        // One byte more than expected, so that the stream sees its end.
        int most = (int) expected.size() + 1;
        return inEitherForm(
                expected,
                form -> retry.call(() -> {
                    String key = keys.of(form);
                    return CheckedReader.readWhole(checked(key, form, expected), store(), key, most);
                }));
    }

    private InputStream checked(String key, Compression form, ArtifactInfo expected) {
        return new ArtifactStream(content(key, form), expected, store(), key);
    }

    private InputStream content(String key, Compression form) {
        InputStream object = objects.get(key);
        return form == Compression.GZIP ? Gzip.decompressed(object, store(), key) : object;
    }

    /**
     * Some of its bytes, cut at its end. Of what is compressed, all that lies before them is read.
     *
     * @throws IllegalArgumentException if the range begins past the end
     */
    InputStream open(ArtifactKeys keys, ArtifactInfo expected, ByteRange range) {
        ByteRange bytes = range.within(expected.size());
        return inEitherForm(
                expected,
                form -> retry.call(() -> {
                    String key = keys.of(form);
                    return form == Compression.GZIP
                            ? RangeStream.after(content(key, form), bytes, store(), key)
                            : part(key, bytes);
                }));
    }

    private InputStream part(String key, ByteRange bytes) {
        try {
            return new RangeStream(objects.get(key, Optional.of(bytes)), bytes.length(), store(), key);
        } catch (IllegalArgumentException e) {
            throw new ObjectCorruptException(
                    store(), key, "the object is shorter than its commit record says; replay the capture", e);
        }
    }

    private <T> T inEitherForm(ArtifactInfo artifact, Function<Compression, T> read) {
        boolean mayPay = Gzip.mayPay(artifact.contentType(), artifact.size());
        Compression first = mayPay ? likely : Compression.NONE;
        try {
            return read.apply(first);
        } catch (ObjectNotFoundException e) {
            T found = readOther(first.other(), e, read);
            if (mayPay) {
                likely = first.other();
            }
            return found;
        }
    }

    private static <T> T readOther(Compression form, ObjectNotFoundException first, Function<Compression, T> read) {
        try {
            return read.apply(form);
        } catch (ObjectNotFoundException e) {
            first.addSuppressed(e);
            throw first;
        }
    }

    /**
     * Which keys there are under {@code prefix}, at most 1,000.
     *
     * @throws StoreException if the store fails
     */
    Set<String> keys(String prefix) {
        return retry.call(() -> objects.list(ListRequest.of(prefix))).objects().stream()
                .map(ObjectInfo::key)
                .collect(Collectors.toSet());
    }
}

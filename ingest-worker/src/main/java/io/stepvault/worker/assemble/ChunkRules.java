package io.stepvault.worker.assemble;

import io.stepvault.capture.Rejection;
import io.stepvault.capture.Rejection.Reason;
import io.stepvault.wire.ChunkHeader;
import io.stepvault.worker.flow.SourceRecord;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** What makes chunks, or sets of them, dead letters. Immutable; safe for any thread. */
final class ChunkRules {
    /** How many chunks open sets may announce together, which bounds their memory. */
    static final int MAX_CHUNKS = 100_000;

    /** How many a set may announce. */
    static final int MAX_CHUNKS_OF_SET = MAX_CHUNKS / 2;

    private final AssembleSettings settings;

    ChunkRules(AssembleSettings settings) {
        this.settings = settings;
    }

    /**
     * Why a chunk becomes a dead letter by itself, if it does.
     *
     * @param set the set that it says it belongs to, if that is open
     * @param waitedFor how many chunks other sets announce
     */
    Optional<Rejection> whyRejected(@Nullable ChunkSet set, ChunkHeader header, SourceRecord record, long waitedFor) {
        if (record.size() == 0 && (record.value() == null || header.count() > 1)) {
            return invalid("the chunk holds nothing");
        }
        if (set == null) {
            return whyNotOpened(header, waitedFor);
        }
        if (!set.header.isOfSameSet(header)) {
            return invalid("the chunk contradicts those before it of the same set");
        }
        if (set.has(header.index()) && !set.isRepeated(header.index(), crc32c(record.value()))) {
            return invalid("chunk " + header.index() + " of its set came before, and held something else");
        }
        if (set.has(header.index()) && set.hasTooManyRepeats()) {
            return invalid("the chunks of its set have come again too often");
        }
        return Optional.empty();
    }

    private static Optional<Rejection> invalid(String detail) {
        return Optional.of(new Rejection(Reason.INVALID_CHUNK, detail));
    }

    private Optional<Rejection> whyNotOpened(ChunkHeader header, long waitedFor) {
        if (header.totalBytes() > settings.maxSetBytes()) {
            return Optional.of(new Rejection(
                    Reason.TOO_LARGE,
                    "the chunk's set announces " + header.totalBytes() + " bytes; at most " + settings.maxCaptureBytes()
                            + " are allowed"));
        }
        if (header.count() > MAX_CHUNKS_OF_SET) {
            return Optional.of(new Rejection(
                    Reason.TOO_LARGE,
                    "the chunk's set announces " + header.count() + " chunks; at most " + MAX_CHUNKS_OF_SET
                            + " are allowed"));
        }
        if (header.index() > 0) {
            return Optional.of(new Rejection(
                    Reason.INCOMPLETE_CHUNKS,
                    "chunk " + header.index() + " came, but the first of its " + header.count()
                            + " did not, or was given up"));
        }
        if (waitedFor + header.count() > 2L * MAX_CHUNKS) {
            return Optional.of(new Rejection(
                    Reason.INCOMPLETE_CHUNKS, "too many chunks of other sets are waited for; redrive it later"));
        }
        return Optional.empty();
    }

    /** Why a set cannot be made whole although all of it came. */
    static Rejection corrupt(String detail) {
        return new Rejection(Reason.CORRUPT_CHUNKS, "the chunks " + detail);
    }

    /** Why a set is waited for no longer. */
    static Rejection incomplete(ChunkSet set, String why) {
        return new Rejection(
                Reason.INCOMPLETE_CHUNKS,
                set.chunks().size() + " of " + set.header.count() + " chunks came, and then " + why);
    }

    static int crc32c(byte @Nullable [] value) {
        CRC32C checksum = new CRC32C();
        if (value != null) {
            checksum.update(value);
        }
        return (int) checksum.getValue();
    }
}

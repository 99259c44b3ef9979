package io.stepvault.worker.commit;

import io.stepvault.worker.flow.OffsetRuns;
import java.util.Optional;

/** To be written: version, topic id, base offset, checksum. Stateless. */
public final class CommitMetadata {
    /** What an untouched broker takes is 4,096 bytes. */
    public static final int MAX_CHARACTERS = 4000;

    private CommitMetadata() {}

    /** The metadata, or empty if the runs do not fit. */
    public static Optional<String> encode(String topicId, long base, OffsetRuns done) {
        return done.isEmpty() ? Optional.of("") : Optional.empty();
    }

    /** What is settled beyond {@code base}; empty if the metadata is not valid for this topic and offset. */
    public static Optional<OffsetRuns> decode(String metadata, String topicId, long base) {
        return metadata.isEmpty() ? Optional.of(OffsetRuns.NONE) : Optional.empty();
    }
}

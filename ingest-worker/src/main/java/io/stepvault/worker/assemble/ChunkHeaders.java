package io.stepvault.worker.assemble;

import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.ChunkHeader;
import io.stepvault.worker.flow.SourceRecord;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** The chunk headers among those of a record, found in one go: a stranger's record may have very many. */
public final class ChunkHeaders implements ChunkFormat.Lookup {
    private static final Set<String> NAMES = Set.copyOf(ChunkFormat.CAPTURES.names());

    private final Map<String, byte @Nullable []> values = new HashMap<>();

    ChunkHeaders(SourceRecord record) {
        for (Header header : record.headers()) {
            if (NAMES.contains(header.key())) {
                values.put(header.key(), header.value());
            }
        }
    }

    @Override
    public byte @Nullable [] value(String name) {
        return values.get(name);
    }

    /** What a record says of itself as a chunk; empty if it is none, or says it wrongly. */
    public static Optional<ChunkHeader> read(SourceRecord record) {
        ChunkHeaders headers = new ChunkHeaders(record);
        return ChunkFormat.CAPTURES.isChunk(headers)
                        && ChunkFormat.CAPTURES.parse(headers) instanceof ChunkFormat.Parsed.Chunk chunk
                ? Optional.of(chunk.header())
                : Optional.empty();
    }

    /** The headers of a record but for these. */
    static List<Header> without(SourceRecord record) {
        return record.headers().stream()
                .filter(header -> !NAMES.contains(header.key()))
                .toList();
    }
}

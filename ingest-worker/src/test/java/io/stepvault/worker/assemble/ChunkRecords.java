package io.stepvault.worker.assemble;

import io.stepvault.wire.ChunkFormat;
import io.stepvault.wire.ChunkHeader;
import io.stepvault.wire.Chunking;
import io.stepvault.worker.flow.SourceRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/** Records that are chunks, for tests. */
public final class ChunkRecords {
    /** The header of a producer's own that every chunk has. */
    public static final Header OWN = new RecordHeader("own", new byte[] {7});

    private ChunkRecords() {}

    /** The chunks of a whole, as the SDK would cut it. */
    public static List<SourceRecord> chunks(UUID id, byte[] whole, int chunkBytes, long timestamp) {
        Chunking chunking = new Chunking(id, whole, chunkBytes);
        return IntStream.range(0, chunking.count())
                .mapToObj(index -> chunk(chunking.header(index), chunking.bytes(index), timestamp))
                .toList();
    }

    /** A record that says of itself what {@code header} says. */
    public static SourceRecord chunk(ChunkHeader header, byte[] value, long timestamp) {
        return new SourceRecord(key(), value, headers(header), timestamp);
    }

    /** The headers of a chunk, and one of its producer's own. */
    public static List<Header> headers(ChunkHeader header) {
        List<Header> headers = new ArrayList<>(List.of(OWN));
        ChunkFormat.CAPTURES.write(header).forEach((name, text) -> headers.add(new RecordHeader(name, text)));
        return headers;
    }

    /** The key of every chunk. */
    public static byte[] key() {
        return "session".getBytes(StandardCharsets.UTF_8);
    }
}

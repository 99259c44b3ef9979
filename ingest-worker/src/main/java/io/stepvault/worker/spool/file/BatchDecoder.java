package io.stepvault.worker.spool.file;

import io.stepvault.worker.flow.SourceRecord;
import io.stepvault.worker.spool.BatchOrigin;
import io.stepvault.worker.spool.SpooledBatch;
import io.stepvault.worker.spool.SpooledCapture;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/** Reads what {@link BatchEncoder} writes, once its checksum was found right. Not thread-safe. */
final class BatchDecoder {
    /** Few and repeated: every entry of a partition shares one. */
    private final Map<BatchOrigin, BatchOrigin> origins = new HashMap<>();

    /** A batch as it was written. */
    SpooledBatch decode(FileInput in) throws IOException, DamagedException {
        return decode(in, true);
    }

    /** A batch whose captures have neither key nor headers nor value: those are skipped, not read. */
    SpooledBatch decodeWithoutPayload(FileInput in) throws IOException, DamagedException {
        return decode(in, false);
    }

    private SpooledBatch decode(FileInput in, boolean payload) throws IOException, DamagedException {
        String clusterId = in.readString();
        String topic = in.readString();
        String topicId = in.readString();
        BatchOrigin origin = new BatchOrigin(clusterId, topicId, new TopicPartition(topic, in.readInt()));
        String sessionId = in.readString();
        List<SpooledCapture> captures = new ArrayList<>();
        for (long left = items(in); left > 0; left = items(in)) {
            for (long i = 0; i < left; i++) {
                captures.add(capture(in, payload));
            }
        }
        if (captures.isEmpty() || in.remaining() != 0) {
            throw new DamagedException("the checksum is right, but this is no batch of version 1");
        }
        return new SpooledBatch(origins.computeIfAbsent(origin, same -> same), sessionId, captures);
    }

    private static SpooledCapture capture(FileInput in, boolean payload) throws IOException, DamagedException {
        List<Long> offsets = offsets(in);
        long timestamp = in.readLong();
        byte[] key = optional(in, payload);
        List<Header> headers = headers(in, payload);
        byte[] value = optional(in, payload);
        return new SpooledCapture(offsets, new SourceRecord(key, value, headers, timestamp));
    }

    private static List<Long> offsets(FileInput in) throws IOException, DamagedException {
        List<Long> offsets = new ArrayList<>(1);
        long last = -1;
        for (long left = items(in); left > 0; left = items(in)) {
            for (long i = 0; i < left; i++) {
                long offset = in.readLong();
                if (offset <= last) {
                    throw new DamagedException("offsets are not in order");
                }
                offsets.add(offset);
                last = offset;
            }
        }
        if (offsets.isEmpty()) {
            throw new DamagedException("a capture has no offset");
        }
        return offsets;
    }

    @SuppressWarnings("NullAway") // Kafka's headers may have no value, whatever its annotations say
    private static List<Header> headers(FileInput in, boolean payload) throws IOException, DamagedException {
        List<Header> headers = new ArrayList<>(0);
        for (long left = items(in); left > 0; left = items(in)) {
            for (long i = 0; i < left; i++) {
                if (payload) {
                    headers.add(new RecordHeader(in.readString(), optional(in, true)));
                } else {
                    in.skip(in.readLength());
                    optional(in, false);
                }
            }
        }
        return headers;
    }

    /** How many items follow in an array: it is written in any number of parts, the last of which is empty. */
    private static long items(FileInput in) throws IOException, DamagedException {
        long items = in.readLong();
        if (items < 0) {
            items = -items;
            in.readLong(); // the part's size in bytes
        }
        if (items < 0 || items > in.remaining()) {
            throw new DamagedException("an array goes beyond the end");
        }
        return items;
    }

    private static byte @Nullable [] optional(FileInput in, boolean payload) throws IOException, DamagedException {
        int branch = in.readInt();
        if (branch == 0) {
            return null;
        } else if (branch != 1) {
            throw new DamagedException("a value is neither there nor not there");
        }
        int length = in.readLength();
        if (payload) {
            return in.readFixed(length);
        }
        in.skip(length);
        return null;
    }
}

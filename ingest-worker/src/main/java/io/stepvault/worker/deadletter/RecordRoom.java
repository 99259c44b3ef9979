package io.stepvault.worker.deadletter;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * How a record of any size is brought under the limit of an untouched broker, 1 MiB for a record with all its headers:
 * its value is cut into chunks, each of which repeats key and headers, and of these is left out, the largest first, what
 * leaves no room for a value. Depends on nothing but the record, so that a record is always cut the same way. Stateless;
 * safe for any thread.
 */
final class RecordRoom {
    /** The largest chunk. */
    static final int CHUNK_BYTES = 900 * 1024;

    /** The broker's limit, and the producer's, less what Kafka itself writes around a record. */
    static final int RECORD_BYTES = 1024 * 1024 - 4 * 1024;

    /** Kept for the headers that we write. */
    static final int RESERVED_BYTES = 16 * 1024;

    private static final int MIN_CHUNK_BYTES = 128 * 1024;

    private RecordRoom() {}

    /**
     * What fits.
     *
     * @param hasKey whether the record's key does
     * @param headers the record's headers that fit, in order
     * @param chunkBytes how much of the value fits into one record
     */
    record Fitted(boolean hasKey, List<Header> headers, int chunkBytes) {
        /** Whether the value has to be cut. */
        boolean needsChunks(byte @Nullable [] value) {
            return value != null && value.length > chunkBytes;
        }
    }

    static Fitted fit(byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {
        long valueBytes = value == null ? 0 : value.length;
        long room = RECORD_BYTES - RESERVED_BYTES - Math.min(valueBytes, MIN_CHUNK_BYTES);
        long keyBytes = key == null ? 0 : key.length;
        boolean hasKey = keyBytes <= room;
        long keptKeyBytes = hasKey ? keyBytes : 0;
        List<Header> kept = largestLeftOut(headers, room - keptKeyBytes);
        long left = RECORD_BYTES - RESERVED_BYTES - keptKeyBytes - HeaderText.room(kept);
        return new Fitted(hasKey, kept, (int) Math.min(CHUNK_BYTES, left));
    }

    private static List<Header> largestLeftOut(List<Header> headers, long room) {
        long excess = HeaderText.room(headers) - room;
        if (excess <= 0) {
            return headers;
        }
        List<Integer> largestFirst = new ArrayList<>();
        for (int i = 0; i < headers.size(); i++) {
            largestFirst.add(i);
        }
        largestFirst.sort(Comparator.comparingLong((Integer i) -> HeaderText.room(headers.get(i)))
                .reversed());
        boolean[] leftOut = new boolean[headers.size()];
        for (int i : largestFirst) {
            if (excess <= 0) {
                break;
            }
            leftOut[i] = true;
            excess -= HeaderText.room(headers.get(i));
        }
        List<Header> kept = new ArrayList<>();
        for (int i = 0; i < headers.size(); i++) {
            if (!leftOut[i]) {
                kept.add(headers.get(i));
            }
        }
        return kept;
    }
}

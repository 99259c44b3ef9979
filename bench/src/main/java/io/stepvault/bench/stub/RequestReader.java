package io.stepvault.bench.stub;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Reads requests off a connection, one after the other, into one buffer. Used by one thread. */
final class RequestReader {
    private static final int BUFFER_BYTES = 128 << 10;

    /** Takes a body, piece by piece. */
    interface Body {
        /** The next piece; its bytes are the callee's until it returns. */
        void take(byte[] bytes, int offset, int length);
    }

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;

    RequestReader(InputStream in) {
        this.in = in;
    }

    /**
     * The next request's head, or null if the client has closed the connection.
     *
     * @throws IOException if it ends within a head, or the head is longer than the buffer
     */
    @Nullable
    RequestHead head() throws IOException {
        int searched = position;
        while (true) {
            for (int i = searched; i + 3 < limit; i++) {
                if (buffer[i] == '\r' && buffer[i + 1] == '\n' && buffer[i + 2] == '\r' && buffer[i + 3] == '\n') {
                    RequestHead head = RequestHead.parse(buffer, position, i - position);
                    position = i + 4;
                    return head;
                }
            }
            searched = Math.max(position, limit - 3);
            if (position > 0) {
                System.arraycopy(buffer, position, buffer, 0, limit - position);
                limit -= position;
                searched -= position;
                position = 0;
            }
            int read = limit == buffer.length ? -1 : in.read(buffer, limit, buffer.length - limit);
            if (read < 0 && limit == 0) {
                return null;
            } else if (read < 0) {
                throw new EOFException("no whole request head in " + limit + " bytes");
            }
            limit += read;
        }
    }

    /** Reads the body of the request that {@link #head} has returned last. */
    void body(long length, Body body) throws IOException {
        long left = length;
        while (left > 0) {
            if (position == limit) {
                position = 0;
                limit = in.read(buffer, 0, buffer.length);
                if (limit < 0) {
                    limit = 0;
                    throw new EOFException("the body lacks " + left + " bytes");
                }
            }
            int piece = (int) Math.min(left, limit - position);
            body.take(buffer, position, piece);
            position += piece;
            left -= piece;
        }
    }
}

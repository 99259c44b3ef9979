package io.stepvault.server.http;

import io.stepvault.storage.object.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Reads a stream one chunk ahead of what is sent: whoever has taken the last chunk knows that the stream has ended well,
 * which for artifacts means that their SHA-256 is right. Holds two chunks. For one thread.
 */
final class Source implements AutoCloseable {
    /** How much is read and written at a time, in bytes. */
    static final int CHUNK = 64 << 10;

    /** The stream failed: not the client's doing. */
    static final class Broken extends IOException {
        private static final long serialVersionUID = 1L;

        Broken(IOException cause) {
            super(cause);
        }

        /** What is wrong, as stores say it. */
        RuntimeException failure() {
            Throwable cause = getCause();
            if (cause != null && cause.getCause() instanceof StoreException classified) {
                return classified;
            }
            return Problem.unavailable("reading from the store broke off; try again")
                    .asException();
        }
    }

    private final InputStream stream;
    private byte[] ahead = new byte[CHUNK];
    private byte[] taken = new byte[CHUNK];
    private int length;
    private boolean ended;

    Source(InputStream stream) {
        this.stream = stream;
    }

    /** Reads the first chunk. */
    void readAhead() throws Broken {
        try {
            length = stream.readNBytes(ahead, 0, CHUNK);
        } catch (IOException e) {
            throw new Broken(e);
        }
    }

    /** The chunk that was read ahead, while the next one is read into its place. Valid until the next call. */
    ByteBuffer take() throws Broken {
        byte[] ready = ahead;
        int size = length;
        ahead = taken;
        taken = ready;
        ended = size < CHUNK;
        if (!ended) {
            readAhead();
            ended = length == 0;
        }
        return ByteBuffer.wrap(ready, 0, size);
    }

    /** Whether the chunk taken last was the last one. */
    boolean hasEnded() {
        return ended;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}

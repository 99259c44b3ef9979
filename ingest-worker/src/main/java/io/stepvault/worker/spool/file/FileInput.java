package io.stepvault.worker.spool.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Reads Avro's binary encoding from a range of a file. No length is believed that goes beyond the range, so that damage
 * never asks for more memory than the file is large. Not thread-safe.
 */
final class FileInput {
    private static final int MAX_VARINT_BYTES = 10;

    private final FileChannel file;
    private final ByteBuffer buffer;

    /** Where the file's next bytes will be read from; those before it that are not used yet are in the buffer. */
    private long next;

    private long end;

    /** An input that reads through {@code buffer}, which may serve one input after the other. */
    FileInput(FileChannel file, ByteBuffer buffer) {
        this.file = file;
        this.buffer = buffer;
    }

    /** Goes to a range of the file. */
    void enter(long position, long bytes) {
        next = position;
        end = position + bytes;
        buffer.clear().limit(0);
    }

    /** Where it is in the file. */
    long position() {
        return next - buffer.remaining();
    }

    /** What is left of the range. */
    long remaining() {
        return end - position();
    }

    /** The checksum of all that is left of the range. */
    int crc() throws IOException, DamagedException {
        CRC32C crc = new CRC32C();
        while (remaining() > 0) {
            require(1);
            crc.update(buffer);
        }
        return (int) crc.getValue();
    }

    int readInt() throws IOException, DamagedException {
        long number = readLong();
        if (number != (int) number) {
            throw new DamagedException("a number is out of range");
        }
        return (int) number;
    }

    /** A number as Avro writes it: seven bits to a byte, lowest first, then zigzag. */
    long readLong() throws IOException, DamagedException {
        long bits = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            require(1);
            byte b = buffer.get();
            bits |= (b & 0x7FL) << (7 * i);
            if (b >= 0) {
                return (bits >>> 1) ^ -(bits & 1);
            }
        }
        throw new DamagedException("a number is too long");
    }

    /** The length of what follows, which lies within the range. */
    int readLength() throws IOException, DamagedException {
        long length = readLong();
        if (length < 0 || length > remaining()) {
            throw new DamagedException("a length goes beyond the end");
        }
        return Math.toIntExact(length);
    }

    String readString() throws IOException, DamagedException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(readFixed(readLength())))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new DamagedException("a text is not UTF-8");
        }
    }

    byte[] readFixed(int length) throws IOException, DamagedException {
        if (length > remaining()) {
            throw new DamagedException("it ends early");
        }
        byte[] bytes = new byte[length];
        int filled = 0;
        while (filled < length) {
            require(1);
            int step = Math.min(buffer.remaining(), length - filled);
            buffer.get(bytes, filled, step);
            filled += step;
        }
        return bytes;
    }

    void skip(long length) throws DamagedException {
        if (length > remaining()) {
            throw new DamagedException("it ends early");
        }
        if (length <= buffer.remaining()) {
            buffer.position(buffer.position() + (int) length);
        } else {
            next = position() + length;
            buffer.clear().limit(0);
        }
    }

    /** Goes on to behind the next occurrence of {@code marker} in the range; false if there is none. */
    boolean skipBehind(byte[] marker) throws IOException, DamagedException {
        while (remaining() >= marker.length) {
            require(marker.length);
            while (buffer.remaining() >= marker.length) {
                int start = buffer.position();
                int matched = 0;
                while (matched < marker.length && buffer.get(start + matched) == marker[matched]) {
                    matched++;
                }
                if (matched == marker.length) {
                    buffer.position(start + marker.length);
                    return true;
                }
                buffer.position(start + 1);
            }
        }
        return false;
    }

    /** Sees to it that so many bytes, a few, are in the buffer. */
    private void require(int bytes) throws IOException, DamagedException {
        if (buffer.remaining() >= bytes) {
            return;
        }
        if (remaining() < bytes) {
            throw new DamagedException("it ends early");
        }
        buffer.compact();
        buffer.limit((int) Math.min(buffer.capacity(), buffer.position() + (end - next)));
        while (buffer.position() < bytes) {
            int read = file.read(buffer, next);
            if (read < 0) {
                buffer.flip();
                throw new DamagedException("the file has become shorter");
            }
            next += read;
        }
        buffer.flip();
    }
}

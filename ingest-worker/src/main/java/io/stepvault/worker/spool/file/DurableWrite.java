package io.stepvault.worker.spool.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/** What survives a power cut once the call has returned. Stateless. */
final class DurableWrite {
    private DurableWrite() {}

    /** Writes what is to be in a file. */
    @FunctionalInterface
    interface Content {
        /** Writes to a stream that is not to be closed. */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes a file that is not there yet, and syncs it. Goes through {@code buffer}, a direct one: written straight from
     * a large array, a channel would keep a direct buffer of the array's size for its thread.
     */
    static void write(Path file, FileOpener opener, Content content, ByteBuffer buffer) throws IOException {
        try (FileChannel channel = opener.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS))) {
            buffer.clear();
            ChannelOutput out = new ChannelOutput(channel, buffer);
            content.writeTo(out);
            out.drain();
            channel.force(true);
        }
    }

    /** Makes what was made, renamed or removed in a directory durable. */
    static void sync(Path directory, FileOpener opener) throws IOException {
        try (FileChannel channel = opener.open(directory, Set.of(StandardOpenOption.READ))) {
            channel.force(true);
        }
    }

    private static final class ChannelOutput extends OutputStream {
        private final FileChannel channel;
        private final ByteBuffer buffer;

        ChannelOutput(FileChannel channel, ByteBuffer buffer) {
            this.channel = channel;
            this.buffer = buffer;
        }

        @Override
        public void write(int b) throws IOException {
            if (!buffer.hasRemaining()) {
                drain();
            }
            buffer.put((byte) b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int written = 0;
            while (written < length) {
                if (!buffer.hasRemaining()) {
                    drain();
                }
                int step = Math.min(buffer.remaining(), length - written);
                buffer.put(bytes, offset + written, step);
                written += step;
            }
        }

        void drain() throws IOException {
            buffer.flip();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            buffer.clear();
        }
    }
}

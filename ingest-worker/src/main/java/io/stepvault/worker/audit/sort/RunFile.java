package io.stepvault.worker.audit.sort;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Sorted entries in a file: for each the lengths of key and value, four bytes each, then both. It is read by the process
 * that wrote it, which knows how many there are. For one thread.
 */
final class RunFile {
    private static final int BUFFER_BYTES = 64 << 10;

    private final WorkDirectory directory;
    private final Path file;
    private final long entries;
    private final long bytes;

    private RunFile(WorkDirectory directory, Path file, long entries, long bytes) {
        this.directory = directory;
        this.file = file;
        this.entries = entries;
        this.bytes = bytes;
    }

    /** Writes entries, in the order in which they come, to a new file. */
    static RunFile write(WorkDirectory directory, Iterator<Entry> entries) throws IOException {
        Path file = directory.newFile();
        long count = 0;
        Counted counted;
        try (Counted opened = new Counted(directory, file);
                DataOutputStream out = new DataOutputStream(new BufferedOutputStream(opened, BUFFER_BYTES))) {
            counted = opened;
            while (entries.hasNext()) {
                Entry entry = entries.next();
                out.writeInt(entry.key().length);
                out.writeInt(entry.value().length);
                out.write(entry.key());
                out.write(entry.value());
                count++;
            }
        }
        return new RunFile(directory, file, count, counted.bytes);
    }

    /** Its entries; to be closed. */
    Reader read() throws IOException {
        return new Reader();
    }

    void delete() throws IOException {
        directory.delete(file, bytes);
    }

    /** Asks the directory for room before each piece. */
    private static final class Counted extends FilterOutputStream {
        private final WorkDirectory directory;
        private long bytes;

        Counted(WorkDirectory directory, Path file) throws IOException {
            super(Files.newOutputStream(file));
            this.directory = directory;
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            directory.reserve(length);
            bytes += length;
            out.write(buffer, offset, length);
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }
    }

    /** Gives the entries one by one, and fails rather than give fewer than were written. */
    final class Reader implements Iterator<Entry>, AutoCloseable {
        private final DataInputStream in;
        private long given;

        private Reader() throws IOException {
            this.in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES));
        }

        @Override
        public boolean hasNext() {
            return given < entries;
        }

        @Override
        public Entry next() {
            if (!hasNext()) {
                throw new NoSuchElementException("all entries have been given");
            }
            try {
                byte[] key = new byte[length()];
                byte[] value = new byte[length()];
                in.readFully(key);
                in.readFully(value);
                given++;
                return new Entry(key, value);
            } catch (IOException e) {
                throw new UncheckedIOException(
                        new IOException(file + " was changed or damaged since it was written; start again", e));
            }
        }

        private int length() throws IOException {
            int length = in.readInt();
            if (length < 0 || length > bytes) {
                throw new IOException("a length of " + length + " bytes");
            }
            return length;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}

package io.stepvault.worker.assemble.file;

import io.stepvault.worker.assemble.ChunkStore;
import io.stepvault.worker.flow.SourceRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file for each open chunk set. Not synced to the disk, and worth nothing to the next process: the topic still has
 * what is in them. So their inner format binds nobody. No file stays open between calls, since there may be more sets
 * than a process may open files.
 *
 * <p>Used by one thread.
 */
public final class ChunkFiles implements ChunkStore, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ChunkFiles.class);

    private static final int NULL = -1;

    private final Path directory;
    private final Set<Long> sets = new HashSet<>();

    /** Files in {@code directory}, which exists, is empty and belongs to this process. */
    public ChunkFiles(Path directory) {
        this.directory = directory;
    }

    @Override
    public Optional<Piece> append(long set, SourceRecord chunk) {
        sets.add(set);
        try (FileChannel file = FileChannel.open(path(set), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            long position = file.size();
            byte[] head = head(chunk);
            file.position(position); // behind what a failed write may have left, which nobody reads
            write(file, ByteBuffer.wrap(head));
            write(file, ByteBuffer.wrap(value(chunk)));
            return Optional.of(new Piece(position, head.length + chunk.size(), chunk.size()));
        } catch (IOException e) {
            fails("Writing a chunk", set, e);
            return Optional.empty();
        }
    }

    @Override
    public Optional<SourceRecord> read(long set, Piece piece) {
        try (FileChannel file = FileChannel.open(path(set), StandardOpenOption.READ)) {
            byte[] head = new byte[piece.bytes() - piece.valueBytes()];
            readFully(file, ByteBuffer.wrap(head), piece.position());
            byte[] value = new byte[piece.valueBytes()];
            readFully(file, ByteBuffer.wrap(value), piece.position() + head.length);
            return Optional.of(record(head, value));
        } catch (IOException e) {
            fails("Reading a chunk", set, e);
            return Optional.empty();
        }
    }

    @Override
    public Optional<byte[]> readValues(long set, List<Piece> pieces) {
        try (FileChannel file = FileChannel.open(path(set), StandardOpenOption.READ)) {
            byte[] whole = new byte[pieces.stream().mapToInt(Piece::valueBytes).sum()];
            int filled = 0;
            for (Piece piece : pieces) {
                readFully(
                        file,
                        ByteBuffer.wrap(whole, filled, piece.valueBytes()),
                        piece.position() + piece.bytes() - piece.valueBytes());
                filled += piece.valueBytes();
            }
            return Optional.of(whole);
        } catch (IOException e) {
            fails("Reading chunks", set, e);
            return Optional.empty();
        }
    }

    @Override
    public void drop(long set) {
        if (sets.remove(set)) {
            try {
                Files.deleteIfExists(path(set));
            } catch (IOException e) {
                log.atWarn()
                        .addKeyValue("file", path(set))
                        .addKeyValue("cause", e)
                        .log("Chunks cannot be deleted; they take up disk until the worker starts again");
            }
        }
    }

    /** Deletes what is left. */
    @Override
    public void close() {
        List.copyOf(sets).forEach(this::drop);
    }

    private Path path(long set) {
        return directory.resolve(set + ".chunks");
    }

    private void fails(String what, long set, IOException e) {
        log.atError()
                .addKeyValue("file", path(set))
                .addKeyValue("cause", e)
                .log(what + " fails; it is read from the topic again");
    }

    private static void write(FileChannel file, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            file.write(bytes);
        }
    }

    private static void readFully(FileChannel file, ByteBuffer into, long position) throws IOException {
        long at = position;
        while (into.hasRemaining()) {
            int read = file.read(into, at);
            if (read < 0) {
                throw new EOFException("the file of a chunk set is shorter than what was written");
            }
            at += read;
        }
    }

    /** Everything of a record but its value. A header's name may be as long as a record. */
    private static byte[] head(SourceRecord record) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeBoolean(record.value() != null);
        out.writeLong(record.timestamp());
        write(out, record.key());
        out.writeInt(record.headers().size());
        for (Header header : record.headers()) {
            write(out, header.key().getBytes(StandardCharsets.UTF_8));
            write(out, header.value());
        }
        return bytes.toByteArray();
    }

    private static SourceRecord record(byte[] head, byte[] value) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(head));
        boolean hasValue = in.readBoolean();
        long timestamp = in.readLong();
        byte[] key = readNullable(in);
        List<Header> headers = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            String name = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
            headers.add(new RecordHeader(name, readNullable(in)));
        }
        return new SourceRecord(key, hasValue ? value : null, headers, timestamp);
    }

    private static byte[] value(SourceRecord record) {
        byte[] value = record.value();
        return value == null ? new byte[0] : value;
    }

    private static void write(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
        out.writeInt(bytes == null ? NULL : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    private static byte @Nullable [] readNullable(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length == NULL ? null : in.readNBytes(length);
    }
}

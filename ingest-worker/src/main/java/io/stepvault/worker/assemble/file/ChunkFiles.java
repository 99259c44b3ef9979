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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file for each open chunk set. Not synced to the disk, and worth nothing to the next process: the topic still has
 * what is in them. So their inner format binds nobody.
 *
 * <p>Used by one thread.
 */
public final class ChunkFiles implements ChunkStore, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ChunkFiles.class);

    private final Path directory;
    private final Map<Long, FileChannel> open = new HashMap<>();

    /** Files in {@code directory}, which exists, is empty and belongs to this process. */
    public ChunkFiles(Path directory) {
        this.directory = directory;
    }

    @Override
    public Optional<Piece> append(long set, SourceRecord chunk) {
        long position = -1;
        try {
            FileChannel file = file(set);
            position = file.size();
            byte[] head = head(chunk);
            ByteBuffer[] parts = {
                ByteBuffer.allocate(Integer.BYTES).putInt(head.length).flip(),
                ByteBuffer.wrap(head),
                ByteBuffer.wrap(value(chunk))
            };
            int bytes = Integer.BYTES + head.length + chunk.size();
            file.position(position);
            for (long written = 0; written < bytes; ) {
                written += file.write(parts);
            }
            return Optional.of(new Piece(position, bytes, chunk.size()));
        } catch (IOException e) {
            fails("Writing a chunk", set, e);
            truncate(set, position);
            return Optional.empty();
        }
    }

    @Override
    public Optional<SourceRecord> read(long set, Piece piece) {
        try {
            byte[] bytes = new byte[piece.bytes()];
            readFully(file(set), ByteBuffer.wrap(bytes), piece.position());
            return Optional.of(parse(bytes, piece.valueBytes()));
        } catch (IOException e) {
            fails("Reading a chunk", set, e);
            return Optional.empty();
        }
    }

    @Override
    public Optional<byte[]> readValues(long set, List<Piece> pieces) {
        try {
            byte[] whole = new byte[pieces.stream().mapToInt(Piece::valueBytes).sum()];
            int filled = 0;
            for (Piece piece : pieces) {
                readFully(
                        file(set),
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
        try {
            FileChannel file = open.remove(set);
            if (file != null) {
                file.close();
                Files.deleteIfExists(path(set));
            }
        } catch (IOException e) {
            fails("Deleting chunks", set, e); // the next start empties the directory
        }
    }

    @Override
    public void close() {
        List.copyOf(open.keySet()).forEach(this::drop);
    }

    private FileChannel file(long set) throws IOException {
        FileChannel file = open.get(set);
        if (file == null) {
            file = FileChannel.open(
                    path(set), StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
            open.put(set, file);
        }
        return file;
    }

    private Path path(long set) {
        return directory.resolve(set + ".chunks");
    }

    /** What was written of a chunk that did not fit is no part of the set. */
    private void truncate(long set, long size) {
        FileChannel file = open.get(set);
        try {
            if (file != null && size >= 0) {
                file.truncate(size);
            }
        } catch (IOException e) {
            fails("Cutting a chunk off", set, e);
        }
    }

    private void fails(String what, long set, IOException e) {
        log.atError()
                .addKeyValue("file", path(set))
                .addKeyValue("cause", e)
                .log(what + " fails; it is read from the topic again");
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

    /** Everything of a record but its value. */
    private static byte[] head(SourceRecord record) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeBoolean(record.value() != null);
        out.writeLong(record.timestamp());
        write(out, record.key());
        out.writeInt(record.headers().size());
        for (Header header : record.headers()) {
            out.writeUTF(header.key());
            write(out, header.value());
        }
        return bytes.toByteArray();
    }

    private static SourceRecord parse(byte[] bytes, int valueBytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        in.readInt();
        boolean hasValue = in.readBoolean();
        long timestamp = in.readLong();
        byte[] key = readNullable(in);
        List<Header> headers = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            headers.add(new RecordHeader(in.readUTF(), readNullable(in)));
        }
        byte[] value = in.readNBytes(valueBytes);
        return new SourceRecord(key, hasValue ? value : null, headers, timestamp);
    }

    private static byte[] value(SourceRecord record) {
        byte[] value = record.value();
        return value == null ? new byte[0] : value;
    }

    private static void write(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
        out.writeInt(bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    private static byte @Nullable [] readNullable(DataInputStream in) throws IOException {
        int length = in.readInt();
        return length < 0 ? null : in.readNBytes(length);
    }
}

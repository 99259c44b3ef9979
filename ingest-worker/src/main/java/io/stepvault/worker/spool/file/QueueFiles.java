package io.stepvault.worker.spool.file;

import io.stepvault.worker.spool.SpoolEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes and removes spool files. Only one thread at a time may touch it. */
final class QueueFiles {
    private static final Logger log = LoggerFactory.getLogger(QueueFiles.class);
    private static final int BUFFER_BYTES = 128 << 10;

    private final Path queue;
    private final Path corrupt;
    private final FileOpener opener;
    private @Nullable ByteBuffer buffer;

    QueueFiles(Path queue, Path corrupt, FileOpener opener) {
        this.queue = queue;
        this.corrupt = corrupt;
        this.opener = opener;
    }

    /** Writes a file; once this has returned it survives a power cut. If it fails, nothing is left of it. */
    List<SpoolEntry> write(FileName name, List<BatchEncoder.Measured> batches) throws IOException {
        Path temporary = queue.resolve(name.temporary());
        Path file = queue.resolve(name.toString());
        try {
            DurableWrite.write(temporary, opener, out -> writeTo(out, batches, randomSync()), buffer());
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            DurableWrite.sync(queue, opener);
        } catch (IOException | RuntimeException e) {
            removeLeftover(temporary, e);
            removeLeftover(file, e);
            throw e;
        }
        return entries(name, batches);
    }

    /** Made when it is first needed: not everybody writes. */
    private ByteBuffer buffer() {
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        }
        return buffer;
    }

    static void writeTo(OutputStream out, List<BatchEncoder.Measured> batches, byte[] sync) throws IOException {
        out.write(SpoolFormat.header(batches.size()));
        out.write(sync);
        for (BatchEncoder.Measured batch : batches) {
            BatchEncoder.writeBlock(batch, sync, out);
        }
    }

    /** Random, so that no capture can hold it and pass for the place where a batch begins. */
    private static byte[] randomSync() {
        UUID random = UUID.randomUUID();
        return ByteBuffer.allocate(SpoolFormat.SYNC_BYTES)
                .putLong(random.getMostSignificantBits())
                .putLong(random.getLeastSignificantBits())
                .array();
    }

    private static List<SpoolEntry> entries(FileName name, List<BatchEncoder.Measured> batches) {
        String file = name.toString();
        var writtenAt = name.writtenAt();
        List<SpoolEntry> entries = new ArrayList<>(batches.size());
        long position = SpoolFormat.firstBlock();
        for (BatchEncoder.Measured batch : batches) {
            entries.add(SpoolEntry.of(batch.batch(), file, position, batch.blockBytes(), writtenAt));
            position += batch.blockBytes();
        }
        return entries;
    }

    private static void removeLeftover(Path file, Exception failure) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    /** Deletes a file, if it is there. Not synced: should a crash bring it back, its batches are stored once more. */
    void delete(String name) throws IOException {
        Files.deleteIfExists(queue.resolve(name));
    }

    /** Moves a damaged file aside, if it is there. */
    void moveAside(String name) throws IOException {
        Path target = corrupt.resolve(name);
        for (int i = 1; Files.exists(target, LinkOption.NOFOLLOW_LINKS); i++) {
            target = corrupt.resolve(name + "." + i);
        }
        try {
            Files.move(queue.resolve(name), target, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            return;
        }
        DurableWrite.sync(corrupt, opener);
        DurableWrite.sync(queue, opener);
        log.atError()
                .addKeyValue("file", name)
                .addKeyValue("to", target)
                .log("Damaged spool file was moved aside; look at it, then remove it: it takes room in the budget");
    }

    /** The bytes of all files that were moved aside. */
    long bytesAside() throws IOException {
        long bytes = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(corrupt)) {
            for (Path file : files) {
                try {
                    bytes += Files.size(file);
                } catch (NoSuchFileException e) {
                    log.atDebug().addKeyValue("file", file).log("File was removed meanwhile");
                }
            }
        }
        return bytes;
    }
}

package io.stepvault.worker.spool.file;

import io.stepvault.worker.spool.SpoolEntry;
import io.stepvault.worker.spool.SpooledBatch;
import io.stepvault.worker.spool.file.ScannedFile.Condition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Reads spool files and believes nothing that a checksum does not confirm. Holds one batch at a time at most. Symbolic
 * links are not followed. Not thread-safe, but any number may read the same files, and beside a worker.
 */
public final class SpoolReader {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int MAX_COUNT_AND_SIZE_BYTES = 20;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final BatchDecoder decoder = new BatchDecoder();

    /** A reader with a buffer of its own. */
    public SpoolReader() {}

    /**
     * Reads a whole file without keeping payloads. After damage it goes on at the next place where a batch may begin.
     *
     * @return also if the file cannot be read: then it says so
     * @throws NoSuchFileException if the file is gone
     * @throws ClosedByInterruptException if the thread is interrupted, which says nothing about the file
     * @throws IllegalArgumentException if this is not the name of a spool file
     */
    public ScannedFile scan(Path file) throws NoSuchFileException, ClosedByInterruptException {
        String name = String.valueOf(file.getFileName());
        Instant writtenAt = FileName.parse(name)
                .orElseThrow(() -> new IllegalArgumentException(name + " is not the name of a spool file"))
                .writtenAt();
        try (FileChannel channel = open(file)) {
            return new Scan(channel, name, writtenAt).run();
        } catch (NoSuchFileException | ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            return new ScannedFile(name, sizeOf(file), writtenAt, List.of(), Condition.UNREADABLE, e.toString());
        }
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0; // what cannot even be looked at takes nobody's room
        }
    }

    /**
     * Reads a batch.
     *
     * @param directory where its file lies
     * @throws DamagedException if it is not there any more as it was written
     * @throws IOException if the file cannot be read; {@link NoSuchFileException} if it is gone
     */
    public SpooledBatch read(Path directory, SpoolEntry entry) throws IOException, DamagedException {
        try (FileChannel channel = open(directory.resolve(entry.file()))) {
            FileInput in = new FileInput(channel, buffer);
            enterBatch(in, entry.position(), Math.min(channel.size(), entry.position() + entry.bytes()));
            SpooledBatch batch = decoder.decode(in);
            if (!SpoolEntry.of(batch, entry.file(), entry.position(), entry.bytes(), entry.writtenAt())
                    .equals(entry)) {
                throw new DamagedException("another batch lies there");
            }
            return batch;
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
    }

    /**
     * Checks the block at {@code position} but for its sync marker, and enters the batch in it.
     *
     * @return where the sync marker begins
     */
    private static long enterBatch(FileInput in, long position, long end) throws IOException, DamagedException {
        in.enter(position, Math.min(MAX_COUNT_AND_SIZE_BYTES, end - position));
        if (in.readLong() != 1) {
            throw new DamagedException("the block does not begin with a count of 1");
        }
        long bytes = in.readLong();
        long start = in.position();
        if (bytes < SpoolFormat.MIN_BATCH_BYTES || bytes > end - SpoolFormat.SYNC_BYTES - start) {
            throw new DamagedException("the block's size is wrong, or the file ends early");
        }
        in.enter(start, bytes);
        int crc = ByteBuffer.wrap(in.readFixed(SpoolFormat.CRC_BYTES)).getInt();
        if (in.crc() != crc) {
            throw new DamagedException("the checksum does not match");
        }
        in.enter(start + SpoolFormat.CRC_BYTES, bytes - SpoolFormat.CRC_BYTES);
        return start + bytes;
    }

    /** One pass over one file. */
    private final class Scan {
        private final FileInput in;
        private final long end;
        private final String name;
        private final Instant writtenAt;
        private final List<SpoolEntry> batches = new ArrayList<>();
        private Optional<String> problem = Optional.empty();

        Scan(FileChannel channel, String name, Instant writtenAt) throws IOException {
            this.in = new FileInput(channel, buffer);
            this.end = channel.size();
            this.name = name;
            this.writtenAt = writtenAt;
        }

        ScannedFile run() throws IOException {
            byte[] header = beginning(SpoolFormat.headerBytes(), 0);
            byte[] sync = beginning(SpoolFormat.SYNC_BYTES, SpoolFormat.headerBytes());
            OptionalInt expected = SpoolFormat.batches(header);
            if (expected.isEmpty()) {
                found("its header is damaged", 0);
            }
            readBlocks(sync);
            if (batches.isEmpty() && expected.isEmpty()) {
                Optional<String> version =
                        SpoolFormat.version(beginning(BUFFER_BYTES, 0)).filter(it -> !it.equals(SpoolFormat.VERSION));
                if (version.isPresent()) {
                    return file(Condition.OTHER_VERSION, "it is in version " + version.get() + " of the format");
                }
            }
            if (expected.isPresent() && expected.getAsInt() != batches.size()) {
                problem = Optional.of(problem.map(what -> what + "; ").orElse("") + batches.size() + " of "
                        + expected.getAsInt() + " batches are intact");
            }
            return file(problem.isPresent() ? Condition.DAMAGED : Condition.INTACT, problem.orElse(""));
        }

        private ScannedFile file(Condition condition, String text) {
            return new ScannedFile(name, end, writtenAt, batches, condition, text);
        }

        private void readBlocks(byte[] sync) throws IOException {
            long position = SpoolFormat.firstBlock();
            while (position < end) {
                try {
                    position = readBlock(position, sync);
                } catch (DamagedException e) {
                    found(String.valueOf(e.getMessage()), position);
                    position = behindNextMarker(position, sync);
                }
            }
        }

        private long readBlock(long position, byte[] sync) throws IOException, DamagedException {
            long batchEnd = enterBatch(in, position, end);
            SpooledBatch batch = decoder.decodeWithoutPayload(in);
            long blockEnd = batchEnd + SpoolFormat.SYNC_BYTES;
            batches.add(SpoolEntry.of(batch, name, position, blockEnd - position, writtenAt));
            in.enter(batchEnd, SpoolFormat.SYNC_BYTES);
            if (!Arrays.equals(in.readFixed(SpoolFormat.SYNC_BYTES), sync)) {
                // The batch itself is proved by its checksum.
                found("a sync marker is damaged", batchEnd);
            }
            return blockEnd;
        }

        /** A batch never holds its file's marker but by a chance of 1 in 2 to the 122. */
        private long behindNextMarker(long position, byte[] sync) throws IOException {
            in.enter(position, end - position);
            try {
                return in.skipBehind(sync) ? in.position() : end;
            } catch (DamagedException e) {
                return end; // it has become shorter meanwhile
            }
        }

        private byte[] beginning(int bytes, long from) throws IOException {
            int there = (int) Math.max(0, Math.min(bytes, end - from));
            in.enter(from, there);
            try {
                return in.readFixed(there);
            } catch (DamagedException e) {
                return new byte[there]; // it has become shorter meanwhile
            }
        }

        private void found(String what, long position) {
            if (problem.isEmpty()) {
                problem = Optional.of(what + " (at byte " + position + " of " + end + ")");
            }
        }
    }
}

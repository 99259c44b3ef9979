package io.stepvault.worker.spool.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A real disk that fails when a test says so: at a byte of each file, or at a sync. */
final class FaultyDisk implements FileOpener {
    private volatile long failAtByte = Long.MAX_VALUE;
    private final AtomicInteger syncsToGo = new AtomicInteger(Integer.MAX_VALUE);

    /** From now on each file takes so many bytes and no more. */
    void failAtByte(long position) {
        failAtByte = position;
    }

    /** So many syncs work, the one after does not, and all later ones do. */
    void failSync(int after) {
        syncsToGo.set(after);
    }

    void heal() {
        failAtByte = Long.MAX_VALUE;
    }

    @Override
    public FileChannel open(Path path, Set<? extends OpenOption> options) throws IOException {
        return new FaultyChannel(FileChannel.open(path, options));
    }

    private void sync() throws IOException {
        if (syncsToGo.getAndDecrement() == 0) {
            throw new IOException("Input/output error");
        }
    }

    private final class FaultyChannel extends WriteOnlyChannel {
        private final FileChannel real;

        FaultyChannel(FileChannel real) {
            this.real = real;
        }

        @Override
        public int write(ByteBuffer from) throws IOException {
            long room = failAtByte - real.position();
            if (room <= 0) {
                throw new IOException("No space left on device");
            }
            ByteBuffer part = from.slice();
            part.limit((int) Math.min(part.remaining(), room));
            int written = real.write(part);
            from.position(from.position() + written);
            return written;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            sync();
            real.force(metaData);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            real.close();
        }
    }
}

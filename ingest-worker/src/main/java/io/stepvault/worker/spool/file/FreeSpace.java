package io.stepvault.worker.spool.file;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much a disk has left. */
@FunctionalInterface
public interface FreeSpace {
    /** The bytes that this process may still write. */
    long usableBytes() throws IOException;

    /**
     * That of the disk that a directory lies on.
     *
     * @throws IOException if it cannot be found out
     */
    static FreeSpace of(Path directory) throws IOException {
        FileStore disk = Files.getFileStore(directory);
        return disk::getUsableSpace;
    }
}

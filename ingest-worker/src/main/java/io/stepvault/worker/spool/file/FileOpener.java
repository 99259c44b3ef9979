package io.stepvault.worker.spool.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;

/** Opens files for writing and syncing: where tests put a disk that fails. */
@FunctionalInterface
interface FileOpener {
    /** As {@link FileChannel#open(Path, Set, java.nio.file.attribute.FileAttribute[])} does. */
    FileChannel open(Path path, Set<? extends OpenOption> options) throws IOException;

    /** The operating system's. */
    static FileOpener ofSystem() {
        return (path, options) -> FileChannel.open(path, options);
    }
}

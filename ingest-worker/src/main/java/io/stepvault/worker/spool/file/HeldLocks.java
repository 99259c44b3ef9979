package io.stepvault.worker.spool.file;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The spool directories that this process holds. Kept for the whole process because the system keeps file locks that
 * way: on POSIX systems closing a file lets go of every lock that the process has on it, whoever took it. So a lock
 * file that is held here must not even be opened a second time.
 */
final class HeldLocks {
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private HeldLocks() {}

    /** False if it is held already. */
    static boolean add(Path directory) {
        return HELD.add(directory);
    }

    static void remove(Path directory) {
        HELD.remove(directory);
    }

    static boolean contains(Path directory) {
        return HELD.contains(directory);
    }
}

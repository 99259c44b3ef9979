package io.stepvault.worker.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Where batches wait while the store cannot take them. Immutable; safe for any thread.
 *
 * @param directory {@code spool.dir}: absolute; it holds the worker's id and open chunk sets too
 * @param maxBytes {@code spool.max.bytes}; 0 for no disk queue
 * @param minFreeBytes {@code spool.min.free.bytes}
 * @param setAsideAfter {@code spool.set-aside.after}: failed attempts
 * @param setAsideMax {@code spool.set-aside.max}
 */
public record SpoolConfig(
        Path directory, ByteSize maxBytes, ByteSize minFreeBytes, int setAsideAfter, Duration setAsideMax) {
    static final ValueType<Path> DIRECTORY =
            new ValueType<>("an absolute directory", SpoolConfig::parseDirectory, Path::toString, Path::isAbsolute);

    /** @throws ConfigException with every value that is not allowed */
    public SpoolConfig {
        new Problems()
                .check(WorkerKeys.SPOOL_DIR, directory)
                .check(WorkerKeys.SPOOL_MAX_BYTES, maxBytes)
                .check(WorkerKeys.SPOOL_MIN_FREE_BYTES, minFreeBytes)
                .check(WorkerKeys.SPOOL_SET_ASIDE_AFTER, setAsideAfter)
                .check(WorkerKeys.SPOOL_SET_ASIDE_MAX, setAsideMax)
                .throwIfAny();
    }

    /** Whether there is a disk queue. */
    public boolean isOn() {
        return maxBytes.bytes() > 0;
    }

    private static Path parseDirectory(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("is not a directory's name", e);
        }
    }

    /** With less, the largest batch would never find room, and its partition would be paused for good. */
    static List<Problem> roomForOneBatch(ByteSize spool, ByteSize capture, ByteSize batch) {
        ByteSize needed = capture.plus(batch);
        if (spool.bytes() == 0 || spool.compareTo(needed) >= 0) {
            return List.of();
        }
        return List.of(new Problem(
                WorkerKeys.SPOOL_MAX_BYTES.name(),
                "'" + spool + "' is less than capture.max.bytes (" + capture + ") and batch.max.bytes (" + batch
                        + ") together; set at least " + needed + ", or 0B for no disk queue"));
    }
}

package io.stepvault.storage;

/**
 * How artifacts are stored. It is the writer's choice, object by object: readers understand both forms, whatever they
 * themselves would write, and to an artifact's name, size and SHA-256 it makes no difference.
 */
public enum Compression {
    /** As they are. */
    NONE,
    /**
     * Compressed by gzip what is text, JSON, XML and the like, has more than 1 KiB and gets smaller by a quarter at least;
     * as they are the others.
     */
    GZIP;

    Compression other() {
        return this == NONE ? GZIP : NONE;
    }
}

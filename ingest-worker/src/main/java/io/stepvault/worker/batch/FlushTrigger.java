package io.stepvault.worker.batch;

/** Why a batch was closed. */
public enum FlushTrigger {
    /** Its first capture has waited long enough. */
    AGE,
    /** It holds enough bytes. */
    BYTES,
    /** It holds enough captures. */
    STEPS,
    /** Its completion event would grow too large for a record. */
    COMPLETION_SIZE,
    /** The session's last step came. */
    END_OF_SESSION,
    /** Memory is full. */
    MEMORY,
    /** The next records of its session were stored before, lie on the disk, or are read again: they make up others. */
    ORDER,
    /** Its partition leaves, or the worker stops. */
    LEAVING
}

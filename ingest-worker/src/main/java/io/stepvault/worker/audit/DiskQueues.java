package io.stepvault.worker.audit;

/** Tells what waits in workers' disk queues. Safe for any thread. */
@FunctionalInterface
public interface DiskQueues {
    /** Whether a capture waits in one of them. */
    boolean holds(RevisionName name);
}

package io.stepvault.worker.simulation;

/** Unwinds what a process that was killed was doing. */
final class ProcessKilled extends Error {
    private static final long serialVersionUID = 1L;

    ProcessKilled() {
        super("the process was killed", null, false, false);
    }
}

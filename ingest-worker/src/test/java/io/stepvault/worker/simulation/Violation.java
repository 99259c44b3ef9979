package io.stepvault.worker.simulation;

/** An invariant does not hold. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    Violation(String what) {
        super(what);
    }
}

package io.stepvault.bench.run;

import java.time.Duration;

/** Is told how a plan is carried out. */
public interface RunObserver {
    /**
     * A run begins.
     *
     * @param number from 1
     * @param left of the whole plan, estimated from what was; zero if nothing was
     */
    void begins(int number, int of, Cell cell, Contender contender, Duration left);

    /** It was measured. */
    void measured(Cell cell, Contender contender, DrainResult result);

    /** It failed. */
    void failed(Cell cell, Contender contender, ContenderFailedException failure);
}

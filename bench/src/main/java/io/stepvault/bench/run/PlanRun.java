package io.stepvault.bench.run;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Carries out a plan. Contenders take turns, so that what changes on the machine in the course of time falls on all of
 * them.
 */
public final class PlanRun {
    private final DrainRun drains;
    private final RunObserver observer;
    private final Clock clock;

    /** Runs by this, and tells the observer. */
    public PlanRun(DrainRun drains, RunObserver observer, Clock clock) {
        this.drains = drains;
        this.observer = observer;
        this.clock = clock;
    }

    /** Runs all of it; a contender that fails keeps no other from its turn. */
    public void run(Plan plan) throws IOException, InterruptedException {
        Instant begun = clock.instant();
        int done = 0;
        for (Cell cell : plan.cells()) {
            for (int round = 0; round < plan.rounds(); round++) {
                for (Contender contender : plan.contenders()) {
                    Duration passed = Duration.between(begun, clock.instant());
                    Duration left = done == 0
                            ? Duration.ZERO
                            : passed.multipliedBy(plan.runs() - done).dividedBy(done);
                    observer.begins(done + 1, plan.runs(), cell, contender, left);
                    run(plan, cell, contender);
                    done++;
                }
            }
        }
    }

    private void run(Plan plan, Cell cell, Contender contender) throws IOException, InterruptedException {
        try {
            observer.measured(cell, contender, drains.measure(contender, cell, plan.topic(cell)));
        } catch (ContenderFailedException e) {
            observer.failed(cell, contender, e);
        }
    }
}

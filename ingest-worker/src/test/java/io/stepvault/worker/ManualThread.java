package io.stepvault.worker;

import io.stepvault.worker.flow.PipelineThread;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;

/** The pipeline's thread as a test plays it: time stands until it is moved, and tasks wait until they are run. */
public final class ManualThread implements PipelineThread {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final MovableClock clock;

    /** A thread whose time stands at {@link Captures#CAPTURED_AT}. */
    public ManualThread() {
        this(new MovableClock());
    }

    private ManualThread(MovableClock clock) {
        this.clock = clock;
    }

    /** The thread of the next process: what waited on this one is gone, but time goes on. */
    public ManualThread next() {
        tasks.clear();
        return new ManualThread(clock);
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public void execute(Runnable task) {
        tasks.addLast(task);
    }

    /** Lets time pass. */
    public void pass(Duration duration) {
        clock.now = clock.now.plus(duration);
    }

    /** Runs what waits, and what that brings. */
    public void runAll() {
        while (!tasks.isEmpty()) {
            tasks.removeFirst().run();
        }
    }

    private static final class MovableClock extends Clock {
        private Instant now = Captures.CAPTURED_AT;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("tests go by UTC");
        }
    }
}

package io.stepvault.worker.simulation;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Tasks that wait for the simulation to run them: a thread, if it is serial, or a pool, which runs them in any order. */
final class Lane extends AbstractExecutorService implements ScheduledExecutorService {
    private final Clock clock;
    private final boolean serial;
    private final List<Waiting> waiting = new ArrayList<>();
    private boolean shutDown;

    private record Waiting(long dueMillis, Runnable task) {}

    Lane(Clock clock, boolean serial) {
        this.clock = clock;
        this.serial = serial;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    boolean hasDue() {
        long now = clock.millis();
        for (Waiting each : waiting) {
            if (each.dueMillis <= now) {
                return true;
            }
        }
        return false;
    }

    /** Runs a task that is due: on a thread the one that was due first. */
    void runNext(Random random) {
        long now = clock.millis();
        int chosen = -1;
        int due = 0;
        for (int i = 0; i < waiting.size(); i++) {
            Waiting each = waiting.get(i);
            if (each.dueMillis > now) {
                continue;
            }
            due++;
            boolean better =
                    serial ? chosen < 0 || each.dueMillis < waiting.get(chosen).dueMillis : random.nextInt(due) == 0;
            chosen = better ? i : chosen;
        }
        if (chosen >= 0) {
            waiting.remove(chosen).task.run();
        }
    }

    @Override
    public void execute(Runnable task) {
        later(task, 0);
    }

    void later(Runnable task, long millis) {
        if (shutDown) {
            throw new RejectedExecutionException("shut down");
        }
        waiting.add(new Waiting(clock.millis() + millis, task));
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        later(command, unit.toMillis(delay));
        return new Unasked<>(() -> true);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        Unasked<V> task = new Unasked<>(callable);
        later(task, unit.toMillis(delay));
        return task;
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period, TimeUnit unit) {
        throw new UnsupportedOperationException("nobody asks for it");
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("nobody asks for it");
    }

    @Override
    public void shutdown() {
        shutDown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutDown = true;
        waiting.clear();
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return shutDown;
    }

    @Override
    public boolean isTerminated() {
        return shutDown && waiting.isEmpty();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return isTerminated();
    }

    private static final class Unasked<V> extends FutureTask<V> implements ScheduledFuture<V> {
        Unasked(Callable<V> task) {
            super(task);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return 0;
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.MILLISECONDS), other.getDelay(TimeUnit.MILLISECONDS));
        }
    }
}

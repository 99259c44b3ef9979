package io.stepvault.devkit.chaos;

import io.stepvault.embedded.front.S3Front;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * Makes trouble, for workers, store and brokers at the same time, one after the other for each, until it is ended; then
 * everything is as it was. Used by one thread.
 */
final class Troublemaker implements AutoCloseable {
    /** The exit code of a JVM that has not got as far as to end in an orderly way. */
    private static final int ENDED_BY_SIGTERM = 143;

    private final ChaosBed bed;
    private final Happenings happenings;
    private final Consumer<String> log;
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger firstRoundLeft = new AtomicInteger();

    private Troublemaker(ChaosBed bed, Happenings happenings, Consumer<String> log) {
        this.bed = bed;
        this.happenings = happenings;
        this.log = log;
    }

    /** @param log is told what happens, by several threads */
    static Troublemaker start(ChaosBed bed, ChaosSettings settings, Happenings happenings, Consumer<String> log) {
        Troublemaker maker = new Troublemaker(bed, happenings, log);
        long seed = settings.seed();
        maker.run("workers", TroubleDraw.ofWorkers(seed, settings.workers()), maker::befall);
        maker.run("brokers", TroubleDraw.ofBrokers(seed + 1, ChaosBed.BROKERS), maker::befall);
        bed.front()
                .ifPresent(front ->
                        maker.run("store", TroubleDraw.ofStore(seed + 2), trouble -> maker.befall(front, trouble)));
        return maker;
    }

    /** Has something happen, and be over when it returns. */
    private interface Deed<T extends Trouble> {
        void happen(T trouble) throws InterruptedException;
    }

    private <T extends Trouble> void run(String whose, TroubleDraw<T> draw, Deed<T> deed) {
        firstRoundLeft.addAndGet(draw.firstRound());
        Thread thread = new Thread(
                () -> {
                    try {
                        int ofFirstRound = draw.firstRound();
                        while (!isOver(draw.pause())) {
                            T trouble = draw.next();
                            log.accept(trouble.text());
                            happenings.happened(trouble);
                            deed.happen(trouble);
                            if (ofFirstRound > 0) {
                                ofFirstRound--;
                                firstRoundLeft.decrementAndGet();
                            }
                        }
                    } catch (InterruptedException | RuntimeException e) {
                        failure.compareAndSet(null, e);
                        over.countDown();
                    }
                },
                "chaos-" + whose);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** Waits, unless it is over before. */
    private boolean isOver(Duration wait) throws InterruptedException {
        return over.await(wait.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void befall(Trouble.OfWorker trouble) throws InterruptedException {
        WorkerProcess worker = bed.worker(trouble.worker());
        if (!worker.isRunning()) {
            throw new IllegalStateException("worker " + trouble.worker() + " has ended by itself");
        }
        if (trouble instanceof Trouble.Kill) {
            worker.kill();
        } else if (trouble instanceof Trouble.Stall) {
            worker.freeze();
        } else {
            terminate(worker, trouble.worker());
        }
        isOver(trouble.lasts());
        if (trouble instanceof Trouble.Stall) {
            worker.thaw();
        } else {
            worker.start();
        }
    }

    private static void terminate(WorkerProcess worker, int number) throws InterruptedException {
        boolean orderly = worker.hasBegun();
        Optional<Integer> exit = worker.terminate();
        if (exit.isEmpty() || (exit.get() != 0 && (orderly || exit.get() != ENDED_BY_SIGTERM))) {
            throw new IllegalStateException("worker " + number + " was asked to end and "
                    + exit.map(code -> "did so with exit code " + code).orElse("did not within 40 s"));
        }
    }

    private void befall(Trouble.OfBrokers trouble) throws InterruptedException {
        List<Integer> brokers = trouble instanceof Trouble.StopBroker one ? List.of(one.broker()) : List.of(1, 2, 3);
        brokers.forEach(bed.kafka()::stop);
        isOver(trouble.lasts());
        brokers.forEach(bed.kafka()::start);
    }

    private void befall(S3Front front, Trouble.StoreFault trouble) throws InterruptedException {
        long start = System.nanoTime();
        happenings.storeIsAway(trouble.isOutage());
        front.fault(trouble.fault(), trouble.share());
        try {
            isOver(trouble.lasts());
        } finally {
            front.heal();
            happenings.storeIsAway(false);
            happenings.storeWas(
                    trouble.fault().label(), trouble.isOutage(), Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /**
     * Lets it go on for so long.
     *
     * @throws IllegalStateException if a part did not come back as it should
     */
    void goOnFor(Duration time) throws InterruptedException {
        isOver(time);
        throwFailure();
    }

    /** Whether something of every kind has happened by now. */
    boolean hasMadeAll() {
        return firstRoundLeft.get() == 0;
    }

    /** Ends it and returns when everything is as it was; a failure shows then. */
    void end() throws InterruptedException {
        over.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        throwFailure();
    }

    private void throwFailure() {
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new IllegalStateException(
                    thrown.getMessage() == null ? thrown.toString() : thrown.getMessage(), thrown);
        }
    }

    /** As {@link #end}, and whatever has failed has done so. */
    @Override
    public void close() {
        over.countDown();
        boolean interrupted = Thread.interrupted();
        for (Thread thread : threads) {
            try {
                thread.join(TimeUnit.MINUTES.toMillis(1));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.stepvault.devkit.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Looks at workers and group every second, from outside, and keeps what it saw. On a thread of its own; its methods are
 * safe for any.
 */
final class Watch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final ChaosBed bed;
    private final LongSupplier completed;
    private final long start = System.nanoTime();
    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "chaos-watch");
    // A process counts from zero again: what one has counted last stays.
    private final Map<Long, Long> consumedByProcess = new HashMap<>();
    private final Map<Long, Long> rebalancesByProcess = new HashMap<>();
    private final List<Sample> samples = new ArrayList<>();
    private long peakResident;
    private long peakSpool;

    private Watch(ChaosBed bed, LongSupplier completed) {
        this.bed = bed;
        this.completed = completed;
    }

    /** @param completed how many captures were until now */
    static Watch start(ChaosBed bed, LongSupplier completed) {
        Watch watch = new Watch(bed, completed);
        watch.thread.setDaemon(true);
        watch.thread.start();
        return watch;
    }

    private void run() {
        try {
            while (!over.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() throws InterruptedException {
        Map<WorkerProcess, CompletableFuture<Optional<Meters>>> asked = new LinkedHashMap<>();
        bed.workers().stream()
                .filter(WorkerProcess::isRunning)
                .filter(worker -> !worker.isFrozen())
                .forEach(worker -> asked.put(worker, worker.meters()));
        Optional<Long> lag = bed.topics().lag();
        Optional<Integer> members = bed.topics().members();
        int answering = 0;
        long paused = 0;
        long spool = 0;
        long held = 0;
        long largest = 0;
        for (Map.Entry<WorkerProcess, CompletableFuture<Optional<Meters>>> worker : asked.entrySet()) {
            Optional<Long> pid = worker.getKey().pid();
            Optional<ResidentSet> resident = worker.getKey().resident();
            largest = Math.max(largest, resident.map(ResidentSet::bytes).orElse(0L));
            seenResident(resident.map(ResidentSet::peakBytes).orElse(0L));
            Optional<Meters> meters = worker.getValue().join();
            if (meters.isPresent() && pid.isPresent()) {
                answering++;
                paused += meters.get().paused();
                spool += meters.get().spoolBytes();
                held += meters.get().batchesHeld();
                consumedByProcess.merge(pid.get(), meters.get().consumed(), Math::max);
                rebalancesByProcess.merge(pid.get(), meters.get().rebalances(), Math::max);
            }
        }
        keep(new Sample(
                Duration.ofNanos(System.nanoTime() - start),
                lag,
                members,
                sum(consumedByProcess),
                completed.getAsLong(),
                new Sample.Workers(answering, paused, spool, held, largest, sum(rebalancesByProcess))));
    }

    private static long sum(Map<Long, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private synchronized void seenResident(long bytes) {
        peakResident = Math.max(peakResident, bytes);
    }

    private synchronized void keep(Sample sample) {
        samples.add(sample);
        peakSpool = Math.max(peakSpool, sample.workers().spoolBytes());
        notifyAll();
    }

    /** Since it began. */
    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** The most memory that one worker had resident. */
    synchronized long peakResidentBytes() {
        return peakResident;
    }

    /** The most that lay on all workers' disks at a time. */
    synchronized long peakSpoolBytes() {
        return peakSpool;
    }

    /** All samples until now, the oldest first. */
    synchronized List<Sample> samples() {
        return List.copyOf(samples);
    }

    /** The next sample that is taken. */
    synchronized Sample awaitNext() throws InterruptedException {
        int before = samples.size();
        while (samples.size() == before) {
            if (!thread.isAlive()) {
                throw new IllegalStateException("nobody watches any more");
            }
            wait(INTERVAL.toMillis());
        }
        return samples.get(samples.size() - 1);
    }

    @Override
    public void close() {
        over.countDown();
    }
}

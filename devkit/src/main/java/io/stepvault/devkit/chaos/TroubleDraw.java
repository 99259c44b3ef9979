package io.stepvault.devkit.chaos;

import io.stepvault.embedded.front.S3Fault;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * Draws what happens next, by a seed: the same seed draws the same. What kinds there are comes about in the beginning,
 * each once, so that a short run has them all. Used by one thread.
 *
 * @param <T> the kind of trouble that it draws
 */
final class TroubleDraw<T extends Trouble> {
    /** The group's session timeout is 6 s. */
    private static final int LEAST_STALL_MS = 7_000;

    /** Of so many, one at least is an outage. */
    private static final int STORE_FIRST_ROUND = 4;

    private final Random random;
    private final Drawing<T> drawing;
    private final Pause pause;
    private final int allKinds;
    private final int firstRound;
    private final Deque<Integer> firstKinds = new ArrayDeque<>();
    private int drawn;

    /** Draws the details of a kind of trouble, the {@code number}-th in all, from 0. */
    private interface Drawing<T extends Trouble> {
        T draw(int kind, int number, Random random);
    }

    /** How long it is quiet in between. */
    private record Pause(int leastMs, int mostMs) {}

    private TroubleDraw(long seed, int kinds, int firstRound, Pause pause, Drawing<T> drawing) {
        this.random = new Random(seed);
        this.pause = pause;
        this.drawing = drawing;
        List<Integer> first = new ArrayList<>();
        for (int kind = 0; kind < kinds; kind++) {
            first.add(kind);
        }
        Collections.shuffle(first, random);
        firstKinds.addAll(first);
        this.allKinds = kinds;
        this.firstRound = firstRound;
    }

    /** How long it is quiet before the next. */
    Duration pause() {
        return millis(random, pause.leastMs(), pause.mostMs());
    }

    /** How many are enough for every kind that matters to have come about. */
    int firstRound() {
        return firstRound;
    }

    T next() {
        Integer kind = firstKinds.poll();
        return drawing.draw(kind == null ? random.nextInt(allKinds) : kind, drawn++, random);
    }

    /**
     * Signals for workers.
     *
     * @param workers how many there are, numbered from 1
     */
    static TroubleDraw<Trouble.OfWorker> ofWorkers(long seed, int workers) {
        return new TroubleDraw<>(seed, 3, 3, new Pause(500, 4_000), (kind, number, random) -> {
            int worker = 1 + random.nextInt(workers);
            return switch (kind) {
                case 0 -> new Trouble.Kill(worker, millis(random, 0, 3_000));
                case 1 -> new Trouble.Stall(worker, millis(random, LEAST_STALL_MS, LEAST_STALL_MS + 3_000));
                default -> new Trouble.Terminate(worker, millis(random, 0, 2_000));
            };
        });
    }

    /** Faults of the store, for all requests or, every third, for a part of them. */
    static TroubleDraw<Trouble.StoreFault> ofStore(long seed) {
        List<S3Fault> faults = List.of(
                S3Fault.INTERNAL_ERROR,
                S3Fault.SLOW_DOWN,
                S3Fault.ACCESS_DENIED,
                S3Fault.NO_SUCH_BUCKET,
                new S3Fault.BlackHole(),
                new S3Fault.ResetMidBody(),
                new S3Fault.LostAnswer(),
                new S3Fault.Latency(Duration.ofMillis(500)),
                new S3Fault.Bandwidth(500_000));
        return new TroubleDraw<>(
                seed, faults.size(), STORE_FIRST_ROUND, new Pause(500, 3_000), (kind, number, random) -> {
                    double part = 0.1 + random.nextDouble() * 0.5;
                    double share = number % 3 == 1 ? part : 1;
                    return new Trouble.StoreFault(faults.get(kind), share, millis(random, 1_000, 6_000));
                });
    }

    /**
     * Brokers that are stopped: mostly one, now and then all.
     *
     * @param brokers how many there are, numbered from 1
     */
    static TroubleDraw<Trouble.OfBrokers> ofBrokers(long seed, int brokers) {
        return new TroubleDraw<>(
                seed,
                3,
                3,
                new Pause(2_000, 6_000),
                (kind, number, random) -> kind == 0
                        ? new Trouble.StopAllBrokers(millis(random, 0, 3_000))
                        : new Trouble.StopBroker(1 + random.nextInt(brokers), millis(random, 1_000, 6_000)));
    }

    private static Duration millis(Random random, int least, int most) {
        return Duration.ofMillis(least + random.nextInt(most - least + 1));
    }
}

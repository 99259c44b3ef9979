package io.stepvault.worker.simulation;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * One schedule: what a seed brings.
 *
 * @param seed of all that is left to chance
 * @param steps how many things happen before everything goes well
 * @param faults what may happen besides
 */
record Simulation(long seed, int steps, Set<Fault> faults) {
    private static final int STEPS = 250;

    static Simulation of(long seed) {
        return new Simulation(seed, STEPS, EnumSet.allOf(Fault.class));
    }

    /** A failure, and what happened before it. */
    record Failure(Simulation simulation, Throwable cause, String trace) {
        String message() {
            return "seed " + simulation.seed + " with " + simulation.steps + " steps"
                    + (simulation.faults.size() < Fault.values().length ? " and " + simulation.faults : "") + ": "
                    + cause + "\nafter\n" + trace;
        }
    }

    /** Plays it, and tells what happened. */
    String trace() {
        try (World world = new World(seed, faults, Wiring.SOUND)) {
            play(world);
            return world.trace.toString();
        }
    }

    private void play(World world) {
        for (int step = 0; step < steps; step++) {
            world.step();
        }
        world.comeToRest();
        world.checkAll();
    }

    /** Plays it; returns what is wrong, if anything is. */
    Optional<Failure> play(Wiring wiring) {
        try (World world = new World(seed, faults, wiring)) {
            try {
                play(world);
                return Optional.empty();
            } catch (RuntimeException | Error e) {
                return Optional.of(new Failure(this, e, world.trace.toString()));
            }
        }
    }

    /** Plays it and, if it fails, looks for less that fails: fewer steps, and fewer kinds of faults. */
    Optional<Failure> playAndShrink(Wiring wiring) {
        return play(wiring).map(failure -> shrink(failure, wiring));
    }

    private static Failure shrink(Failure failure, Wiring wiring) {
        Failure least = failure;
        for (Fault fault : Fault.values()) {
            Set<Fault> fewer = EnumSet.copyOf(least.simulation.faults);
            if (fewer.size() > 1 && fewer.remove(fault)) {
                least = new Simulation(least.simulation.seed, least.simulation.steps, fewer)
                        .play(wiring)
                        .orElse(least);
            }
        }
        for (int cut = least.simulation.steps / 2; cut > 0; cut /= 2) {
            while (least.simulation.steps > cut) {
                Optional<Failure> shorter = new Simulation(
                                least.simulation.seed, least.simulation.steps - cut, least.simulation.faults)
                        .play(wiring);
                if (shorter.isEmpty()) {
                    break;
                }
                least = shorter.get();
            }
        }
        return least;
    }
}

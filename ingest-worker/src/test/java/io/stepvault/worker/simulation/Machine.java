package io.stepvault.worker.simulation;

import io.stepvault.worker.spool.file.SimulatedDisk;
import io.stepvault.worker.spool.file.SpoolLimits;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A machine with its disk, on which one worker process after the other runs. */
final class Machine {
    final String name;
    final SimulatedDisk disk;
    final SpoolLimits spoolLimits;
    final long memoryLimit;
    private @Nullable SimulatedProcess process;
    private int starts;

    Machine(String name, SimulatedDisk disk, SpoolLimits spoolLimits, long memoryLimit) {
        this.name = name;
        this.disk = disk;
        this.spoolLimits = spoolLimits;
        this.memoryLimit = memoryLimit;
    }

    Optional<SimulatedProcess> process() {
        return Optional.ofNullable(process);
    }

    String nextProcessName() {
        return name + "." + ++starts;
    }

    void runs(SimulatedProcess started) {
        process = started;
    }

    void runsNothing() {
        process = null;
    }

    @Override
    public String toString() {
        return name;
    }
}

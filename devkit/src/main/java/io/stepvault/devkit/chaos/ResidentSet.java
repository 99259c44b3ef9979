package io.stepvault.devkit.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a process keeps in memory, as Linux counts it in {@code /proc/<pid>/status}: all that is resident.
 *
 * @param bytes now ({@code VmRSS})
 * @param peakBytes the most since the process began ({@code VmHWM})
 */
record ResidentSet(long bytes, long peakBytes) {
    /** Empty if the process has ended, or the system does not tell. */
    static Optional<ResidentSet> of(long pid) {
        try {
            String status = Files.readString(Path.of("/proc", Long.toString(pid), "status"));
            return bytes(status, "VmRSS:")
                    .flatMap(now -> bytes(status, "VmHWM:").map(peak -> new ResidentSet(now, peak)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> bytes(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst();
    }
}

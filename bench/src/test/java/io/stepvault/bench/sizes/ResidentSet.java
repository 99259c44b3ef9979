package io.stepvault.bench.sizes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process keeps in memory, as Linux counts it in {@code /proc/<pid>/status}: heap, code, stacks, buffers, all
 * that is resident.
 *
 * @param peakBytes the most since the process began ({@code VmHWM})
 * @param bytes now ({@code VmRSS})
 */
record ResidentSet(long peakBytes, long bytes) {
    private static final Path PROC = Path.of("/proc");

    /** Whether this system tells. */
    static boolean isKnown() {
        return Files.isReadable(PROC.resolve("self").resolve("status"));
    }

    static ResidentSet of(long pid) {
        try {
            String status = Files.readString(PROC.resolve(Long.toString(pid)).resolve("status"));
            return new ResidentSet(bytes(status, "VmHWM:"), bytes(status, "VmRSS:"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long bytes(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(kibibytes -> Long.parseLong(kibibytes) << 10)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the process has ended, or has no " + name));
    }
}

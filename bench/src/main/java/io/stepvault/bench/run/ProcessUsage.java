package io.stepvault.bench.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a process has used, as Linux counts it under {@code /proc/<pid>}; see proc(5).
 *
 * @param cpuSeconds on all cores, in user mode and in the kernel
 * @param peakResidentBytes the most memory that was resident since it began
 */
record ProcessUsage(double cpuSeconds, long peakResidentBytes) {
    private static final Path PROC = Path.of("/proc");
    // USER_HZ, which is 100 on every architecture that Java runs on.
    private static final double TICKS_PER_SECOND = 100;

    /** Whether this system tells. */
    static boolean isKnown() {
        return Files.isReadable(PROC.resolve("self").resolve("status"));
    }

    /** @throws IOException if the process is no more */
    static ProcessUsage of(long pid) throws IOException {
        Path directory = PROC.resolve(Long.toString(pid));
        return parse(Files.readString(directory.resolve("stat")), Files.readString(directory.resolve("status")));
    }

    static ProcessUsage parse(String stat, String status) throws IOException {
        // The second field is the program's name in parentheses, which may hold anything. The third follows.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        long kibibytes = status.lines()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow(() -> new IOException("the process has ended"));
        return new ProcessUsage(ticks / TICKS_PER_SECOND, kibibytes << 10);
    }
}

package io.stepvault.bench.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What a measurement was made on.
 *
 * @param cpu model of the processor
 * @param cores that the system offers
 * @param memoryBytes of the machine; 0 if not known
 * @param os name and version
 * @param jdk vendor and version
 * @param load processes that were running when it began, over the last minute: the machine is busy if there are any
 */
public record Machine(String cpu, int cores, long memoryBytes, String os, String jdk, double load) {
    private static final double BUSY = 0.5;

    /** This one. */
    public static Machine here() {
        return new Machine(
                value("/proc/cpuinfo", "model name").orElse(System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                value("/proc/meminfo", "MemTotal")
                        .map(text -> Long.parseLong(text.replaceAll("\\D", "")) << 10)
                        .orElse(0L),
                value("/etc/os-release", "PRETTY_NAME")
                        .map(text -> text.replace("\"", ""))
                        .orElse(System.getProperty("os.name")),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    /** Whether other work shares the machine, so that figures are rough. */
    public boolean isBusy() {
        return load > BUSY * cores;
    }

    /** One line. */
    public String line() {
        return String.format(
                Locale.ROOT, "%s, %d cores, %.0f GB, %s, %s, load %.1f", cpu, cores, memoryBytes / 1e9, os, jdk, load);
    }

    private static Optional<String> value(String file, String name) {
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.replaceFirst("^[^:=]*[:=]\\s*", ""))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty(); // not on this system
        }
    }
}

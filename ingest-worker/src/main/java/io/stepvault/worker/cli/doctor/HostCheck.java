package io.stepvault.worker.cli.doctor;

import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.config.ByteSize;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks at the machine and the JVM. Stateless; safe for any thread. */
final class HostCheck {
    private static final int OLDEST_JAVA = 17;
    private static final long LITTLE_DISK = 1L << 30;
    private static final double LITTLE_SHARE = 0.05;

    private HostCheck() {}

    static Finding java(int feature) {
        String version = Runtime.version() + " (" + System.getProperty("java.vendor", "unknown") + ")";
        return feature >= OLDEST_JAVA
                ? Finding.ok("java", version)
                : Finding.fail("java", version, "run it on Java " + OLDEST_JAVA + " or later");
    }

    static Finding memory(ByteSize budget, ByteSize heap) {
        String shares = "memory.max.bytes is " + Amounts.bytes(budget.bytes()) + " of this JVM's heap of "
                + Amounts.bytes(heap.bytes());
        return budget.bytes() <= heap.bytes() / 2
                ? Finding.ok("memory", shares)
                : Finding.fail(
                        "memory",
                        shares + ", more than half",
                        "start the worker with a larger -Xmx (STEPVAULT_JAVA_OPTS), or lower memory.max.bytes");
    }

    /** The disk of a store in a directory. */
    static Finding disk(URI store) {
        Path place = nearestExisting(Path.of(store));
        try {
            FileStore disk = Files.getFileStore(place);
            long free = disk.getUsableSpace();
            String detail = Amounts.bytes(free) + " of " + Amounts.bytes(disk.getTotalSpace()) + " free under "
                    + place.toAbsolutePath();
            boolean little = free < LITTLE_DISK || free < disk.getTotalSpace() * LITTLE_SHARE;
            return little
                    ? Finding.warn(
                            "disk", detail, "make room, or move store.uri: a full disk is an outage of the store")
                    : Finding.ok("disk", detail);
        } catch (IOException e) {
            return Finding.warn("disk", "cannot be told: " + e.getMessage(), "look at it by hand");
        }
    }

    static Path nearestExisting(Path path) {
        Path place = path.toAbsolutePath();
        while (!Files.exists(place) && place.getParent() != null) {
            place = place.getParent();
        }
        return place;
    }
}

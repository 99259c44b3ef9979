package io.stepvault.worker.cli.doctor;

import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.config.SpoolConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/** Looks at the worker's own directory, which a running worker may hold. Used by one thread. */
final class SpoolCheck {
    private static final String SUBJECT = "spool";
    private static final Set<PosixFilePermission> OWNERS =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private final SpoolConfig spool;

    SpoolCheck(SpoolConfig spool) {
        this.spool = spool;
    }

    Finding look() {
        Path directory = spool.directory();
        Path place = HostCheck.nearestExisting(directory);
        if (!Files.isDirectory(place) || !Files.isWritable(place)) {
            return Finding.fail(
                    SUBJECT,
                    place + (Files.isDirectory(place) ? " is not writable" : " is no directory") + ", so " + directory
                            + " cannot be used",
                    "grant this user the directory, or name another in spool.dir");
        }
        try {
            if (place.equals(directory) && isOpenToOthers(directory)) {
                return Finding.warn(
                        SUBJECT,
                        "others may look into " + directory + ", where captures lie",
                        "chmod 700 " + directory);
            }
            return room(Files.getFileStore(place).getUsableSpace(), place.equals(directory) ? "" : ", to be made");
        } catch (IOException e) {
            return Finding.fail(SUBJECT, directory + " cannot be looked at: " + e.getMessage(), "look at it by hand");
        }
    }

    private static boolean isOpenToOthers(Path directory) throws IOException {
        return Files.getFileStore(directory).supportsFileAttributeView("posix")
                && !OWNERS.containsAll(Files.getPosixFilePermissions(directory));
    }

    private Finding room(long free, String state) {
        String detail = spool.directory() + state + "; " + Amounts.bytes(free) + " free";
        long usable = free - spool.minFreeBytes().bytes();
        if (usable <= 0) {
            return Finding.fail(
                    SUBJECT,
                    detail + ", of which spool.min.free.bytes (" + spool.minFreeBytes() + ") are to stay so",
                    "make room: without, an outage of the store stops the worker's reading at once");
        }
        if (!spool.isOn()) {
            return Finding.ok(SUBJECT, detail + "; no disk queue, since spool.max.bytes is 0B");
        }
        return usable < spool.maxBytes().bytes()
                ? Finding.warn(
                        SUBJECT,
                        detail + ", so the disk queue may not get all of spool.max.bytes (" + spool.maxBytes() + ")",
                        "make room, unless the queue holds that much by now")
                : Finding.ok(SUBJECT, detail + "; the disk queue may grow to " + spool.maxBytes());
    }
}

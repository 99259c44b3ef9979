package io.stepvault.worker.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.worker.cli.doctor.Finding.Status;
import io.stepvault.worker.config.ByteSize;
import io.stepvault.worker.config.SpoolConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolCheckTest {
    private static final ByteSize NONE = new ByteSize(0);
    private static final ByteSize TOO_MUCH = ByteSize.parse("1024TiB");

    private final Path root;

    SpoolCheckTest(@TempDir Path root) {
        this.root = root;
    }

    private static Finding look(Path directory, ByteSize maxBytes, ByteSize minFree) {
        return new SpoolCheck(new SpoolConfig(directory, maxBytes, minFree, 5, Duration.ofHours(24))).look();
    }

    @Test
    void aDirectoryThatCanBeMadeIsFine() {
        assertThat(look(root.resolve("a/b"), ByteSize.ofMiB(1), NONE).line())
                .startsWith("ok    spool")
                .contains(root.resolve("a/b") + ", to be made", "the disk queue may grow to 1MiB");
    }

    @Test
    void aDirectoryThatOthersMayReadIsTold() throws IOException {
        Path own = Files.createDirectory(root.resolve("own"));
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwx------"));
        Path open = Files.createDirectory(root.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-x---"));

        assertThat(look(own, ByteSize.ofMiB(1), NONE).status()).isEqualTo(Status.OK);
        assertThat(look(open, ByteSize.ofMiB(1), NONE).line())
                .startsWith("warn  spool")
                .endsWith("; chmod 700 " + open);
    }

    @Test
    void aFileInTheWayIsAFailure() throws IOException {
        Path file = Files.createFile(root.resolve("file"));

        assertThat(look(file.resolve("spool"), ByteSize.ofMiB(1), NONE).line())
                .startsWith("FAIL  spool")
                .contains(file + " is no directory");
    }

    @Test
    void roomThatIsNotThereIsTold() {
        assertThat(look(root.resolve("a"), TOO_MUCH, NONE).status()).isEqualTo(Status.WARN);
        assertThat(look(root.resolve("a"), ByteSize.ofMiB(1), TOO_MUCH).status())
                .isEqualTo(Status.FAIL);
    }

    @Test
    void noDiskQueueIsTold() {
        assertThat(look(root.resolve("a"), NONE, NONE).line()).startsWith("ok").contains("no disk queue");
    }
}

package io.stepvault.worker.spool.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolDirectoryTest {
    @TempDir
    private Path parent = Path.of("");

    @Test
    void makesWhatIsMissingForItsOwnUserOnly() throws IOException {
        Path directory = parent.resolve("a/b/spool");

        try (SpoolDirectory opened = SpoolDirectory.open(directory)) {
            assertThat(permissions(directory)).isEqualTo("rwx------");
            assertThat(permissions(opened.queue())).isEqualTo("rwx------");
            assertThat(permissions(opened.chunks())).isEqualTo("rwx------");
            assertThat(permissions(opened.corrupt())).isEqualTo("rwx------");
        }
    }

    @Test
    void leavesThePermissionsOfADirectoryThatWasThereAndTightensWhatIsInIt() throws IOException {
        Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectory(
                parent.resolve("queue"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));

        try (SpoolDirectory opened = SpoolDirectory.open(parent)) {
            assertThat(permissions(parent)).isEqualTo("rwxr-xr-x");
            assertThat(permissions(opened.queue())).isEqualTo("rwx------");
        }
    }

    @Test
    void aSecondWorkerIsToldWhichDirectoryIsInUse() throws IOException {
        try (SpoolDirectory first = SpoolDirectory.open(parent)) {
            assertThatThrownBy(() -> SpoolDirectory.open(parent))
                    .isInstanceOf(SpoolInUseException.class)
                    .hasMessageContainingAll(first.root().toString(), "spool.dir");
            assertThat(SpoolDirectory.isHeld(parent)).isTrue();
        }

        assertThat(SpoolDirectory.isHeld(parent)).isFalse();
        SpoolDirectory.open(parent).close();
    }

    @Test
    void isHeldUnderAnyOfItsNames() throws IOException {
        Path directory = Files.createDirectory(parent.resolve("spool"));
        Path link = Files.createSymbolicLink(parent.resolve("link"), directory);

        try (SpoolDirectory opened = SpoolDirectory.open(link)) {
            assertThat(opened.root()).isEqualTo(directory.toRealPath());
            assertThatThrownBy(() -> SpoolDirectory.open(directory)).isInstanceOf(SpoolInUseException.class);
        }
    }

    @Test
    void keepsItsIdentity() throws IOException {
        UUID first = idOf(parent);

        assertThat(idOf(parent)).isEqualTo(first);
        assertThat(idOf(parent.resolve("other"))).isNotEqualTo(first);
        assertThat(parent.resolve("id")).hasContent(first.toString());
    }

    @Test
    void anUnreadableIdentityIsMadeAnew() throws IOException {
        idOf(parent);
        Files.writeString(parent.resolve("id"), "x\0y".repeat(1_000));

        UUID second = idOf(parent);

        assertThat(idOf(parent)).isEqualTo(second);
    }

    @Test
    void emptiesTheChunksAndNothingElse() throws IOException {
        SpoolDirectory.open(parent).close();
        Path kept = Files.writeString(parent.resolve("queue/keep"), "");
        Path chunk = Files.writeString(parent.resolve("chunks/1.chunks"), "x");
        Path target = Files.writeString(parent.resolve("target"), "x");
        Path link = Files.createSymbolicLink(parent.resolve("chunks/link"), target);

        SpoolDirectory.open(parent).close();

        assertThat(chunk).doesNotExist();
        assertThat(link).doesNotExist();
        assertThat(target).exists();
        assertThat(kept).exists();
    }

    @Test
    void refusesALinkWhereItsOwnDirectoriesBelong() throws IOException {
        Path elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
        Path precious = Files.writeString(elsewhere.resolve("precious"), "");
        Path directory = Files.createDirectory(parent.resolve("spool"));
        Files.createSymbolicLink(directory.resolve("chunks"), elsewhere);

        assertThatThrownBy(() -> SpoolDirectory.open(directory))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chunks");

        assertThat(precious).exists();
        Files.delete(directory.resolve("chunks"));
        SpoolDirectory.open(directory).close();
    }

    @Test
    void saysThatAFileIsNoDirectory() throws IOException {
        Path file = Files.writeString(parent.resolve("file"), "");

        assertThatThrownBy(() -> SpoolDirectory.open(file)).hasMessageContaining("is not a directory");
    }

    private static UUID idOf(Path directory) throws IOException {
        try (SpoolDirectory opened = SpoolDirectory.open(directory)) {
            return opened.id();
        }
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}

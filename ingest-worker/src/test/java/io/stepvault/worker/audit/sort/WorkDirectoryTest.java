package io.stepvault.worker.audit.sort;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkDirectoryTest {
    @Test
    void isForItsOwnUserAndGoesOnClose(@TempDir Path parent) throws IOException {
        try (WorkDirectory directory = WorkDirectory.under(parent.resolve("new"), 100)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())))
                    .isEqualTo("rwx------");
        }

        assertThat(parent.resolve("new")).isEmptyDirectory();
    }

    @Test
    void removesWhatAKilledProcessHasLeft(@TempDir Path parent) throws IOException {
        Path left = Files.createDirectory(parent.resolve("stepvault-work-123"));
        Files.createFile(left.resolve("lock"));
        Files.write(left.resolve("17.run"), new byte[10]);

        try (WorkDirectory directory = WorkDirectory.under(parent, 100)) {
            assertThat(directory.leftovers()).isOne();
            assertThat(children(parent)).containsExactly(directory.path());
        }
    }

    @Test
    void leavesAloneWhatIsInUseWhatIsALinkAndWhatItDoesNotKnow(@TempDir Path parent, @TempDir Path elsewhere)
            throws IOException {
        Files.createFile(elsewhere.resolve("lock"));
        Files.write(elsewhere.resolve("1.run"), new byte[10]);
        Path link = Files.createSymbolicLink(parent.resolve("stepvault-work-link"), elsewhere);
        Path noLock = Files.createDirectory(parent.resolve("stepvault-work-new"));
        Path strange = Files.createDirectory(parent.resolve("stepvault-work-strange"));
        Files.createFile(strange.resolve("lock"));
        Files.createFile(strange.resolve("thesis.txt"));

        try (WorkDirectory first = WorkDirectory.under(parent, 100);
                WorkDirectory second = WorkDirectory.under(parent, 100)) {
            assertThat(children(parent)).containsExactlyInAnyOrder(first.path(), second.path(), link, noLock, strange);
        }

        assertThat(elsewhere.resolve("1.run")).exists();
        assertThat(strange.resolve("thesis.txt")).exists();
    }

    private static List<Path> children(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.map(child -> {
                        try {
                            return child.toRealPath(java.nio.file.LinkOption.NOFOLLOW_LINKS);
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .toList();
        }
    }
}

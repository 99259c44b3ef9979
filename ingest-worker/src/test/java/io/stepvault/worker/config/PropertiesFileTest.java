package io.stepvault.worker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PropertiesFileTest {
    private static final String REQUIRED = "kafka.bootstrap.servers=localhost:9092\nstore.uri=file:///tmp/store\n";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("stepvault.properties");
    }

    @Test
    void readsPropertiesInUtf8() throws IOException {
        Files.writeString(
                file, "# a comment: \\u\n" + REQUIRED + "group.id = gr\u00fcppe  \nbatch.max.age: \\\n  7s\n");

        WorkerConfig config = WorkerConfig.load(file, Map.of(), Configs.MACHINE);

        assertThat(config.kafka().groupId()).isEqualTo("gr\u00fcppe");
        assertThat(config.batch().maxAge()).hasSeconds(7);
    }

    @Test
    void readsPastAByteOrderMark() throws IOException {
        Files.writeString(file, "\uFEFF" + REQUIRED);

        assertThat(WorkerConfig.load(file, Map.of(), Configs.MACHINE).kafka().bootstrapServers())
                .isEqualTo("localhost:9092");
    }

    @Test
    void aMistakeNamesTheFile() throws IOException {
        Files.writeString(file, REQUIRED + "http.port=x\n");

        assertThat(problems()).containsExactly("http.port (" + file + "): 'x' is not a whole number");
    }

    @Test
    void aMissingFileIsOneLine() {
        assertThat(problems()).containsExactly(file + ": there is no such file; check the path");
    }

    @Test
    void aDirectoryIsOneLine() throws IOException {
        Files.createDirectory(file);

        assertThat(problems()).containsExactly(file + ": is a directory; name a file");
    }

    @Test
    void anUnreadableFileIsOneLine() throws IOException {
        Files.writeString(file, REQUIRED);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        Assumptions.assumeFalse(Files.isReadable(file), "root may read everything");

        assertThat(problems()).containsExactly(file + ": this user may not read it; check its permissions");
    }

    @Test
    void aFileThatIsNotUtf8IsOneLine() throws IOException {
        Files.write(file, "group.id=gr\u00fcppe\n".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(problems()).containsExactly(file + ": is not UTF-8 text; save it as UTF-8");
    }

    @Test
    void aMalformedEscapeIsOneLineWithItsNumber() throws IOException {
        Files.writeString(file, REQUIRED + "# \\u is fine here\ngroup.id=C:\\\\users\nworker.id=C:\\users\n");

        assertThat(problems())
                .containsExactly(file + " line 5: malformed \\u escape; four hexadecimal digits must follow, and a"
                        + " backslash itself is written \\\\");
    }

    @Test
    void aKeyThatIsSetTwiceIsRefused() throws IOException {
        Files.writeString(file, REQUIRED + "batch.max.age=5s\nbatch.max.age=6s\nbatch.max.age=6s\n");

        assertThat(problems())
                .containsExactly("batch.max.age: is set more than once in " + file + "; keep one of the lines");
    }

    private List<String> problems() {
        ConfigException thrown =
                catchThrowableOfType(ConfigException.class, () -> WorkerConfig.load(file, Map.of(), Configs.MACHINE));
        return thrown == null ? List.of() : thrown.problems();
    }
}

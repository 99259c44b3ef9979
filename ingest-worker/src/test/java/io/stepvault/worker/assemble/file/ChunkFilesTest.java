package io.stepvault.worker.assemble.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.worker.assemble.ChunkStore;
import io.stepvault.worker.assemble.ChunkStore.Piece;
import io.stepvault.worker.assemble.ChunkStoreContract;
import io.stepvault.worker.flow.SourceRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunkFilesTest extends ChunkStoreContract {
    private Path directory = Path.of("");
    private ChunkFiles files = new ChunkFiles(directory);

    @BeforeEach
    void open(@TempDir Path root) {
        directory = root.resolve("chunks");
        files = new ChunkFiles(directory);
        mendDisk();
    }

    @Override
    protected ChunkStore store() {
        return files;
    }

    @Override
    protected void breakDisk() {
        try {
            for (Path file : list()) {
                Files.delete(file);
            }
            Files.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void mendDisk() {
        try {
            Files.createDirectory(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected int setsKept() {
        return list().size();
    }

    @Test
    void pieceIsWhatItTakesUpInTheFile() throws IOException {
        Piece one = files.append(1, record("one")).orElseThrow();
        Piece two = files.append(1, record("two")).orElseThrow();

        assertThat(two.position()).isEqualTo(one.bytes());
        assertThat(Files.size(list().get(0))).isEqualTo(one.bytes() + two.bytes());
    }

    @Test
    void chunkThatWasWrittenInPartIsNotInTheWay() throws IOException {
        Piece one = files.append(1, record("one")).orElseThrow();
        Files.write(list().get(0), new byte[] {1, 2, 3}, StandardOpenOption.APPEND);

        Piece two = files.append(1, record("two")).orElseThrow();

        assertThat(files.readValues(1, List.of(one, two)).orElseThrow())
                .isEqualTo("onetwo".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void fileThatIsTooShortIsAFailureOfTheDisk() throws IOException {
        Piece one = files.append(1, record("one")).orElseThrow();
        for (long size = Files.size(list().get(0)) - 1; size >= 0; size--) {
            try (FileChannel file = FileChannel.open(list().get(0), StandardOpenOption.WRITE)) {
                file.truncate(size);
            }
            assertThat(files.read(1, one)).isEmpty();
            assertThat(files.readValues(1, List.of(one))).isEmpty();
        }
    }

    @Test
    void closingLeavesNothingBehind() {
        files.append(1, record("one"));
        files.append(2, record("two"));

        files.close();

        assertThat(list()).isEmpty();
    }

    private static SourceRecord record(String value) {
        return new SourceRecord(new byte[] {1}, value.getBytes(StandardCharsets.UTF_8), List.of(), 0);
    }

    private List<Path> list() {
        try (Stream<Path> found = Files.list(directory)) {
            return found.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

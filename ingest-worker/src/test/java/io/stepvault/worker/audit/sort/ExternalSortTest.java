package io.stepvault.worker.audit.sort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExternalSortTest {
    private static final Comparator<NumberedLine> BY_BYTES = Comparator.comparing(
            line -> line.text().getBytes(StandardCharsets.UTF_8), (one, other) -> Arrays.compareUnsigned(one, other));

    @Property(tries = 200)
    void givesAllItemsInOrderWhateverMemoryThereIs(
            @ForAll @Size(max = 60) List<@StringLength(max = 4) @CharRange(from = 'a', to = 'd') String> texts,
            @ForAll @IntRange(min = 1, max = 2_000) int runBytes,
            @ForAll @IntRange(min = 2, max = 5) int fanIn)
            throws IOException {
        List<NumberedLine> items = IntStream.range(0, texts.size())
                .mapToObj(i -> new NumberedLine(texts.get(i), i))
                .toList();

        // stable: what has the same key stays in order, and all of it is there
        assertThat(sort(items, new SortLimits(runBytes, fanIn)))
                .isEqualTo(items.stream().sorted(BY_BYTES).toList());
    }

    @Property(tries = 100)
    void ordersByUnsignedBytes(@ForAll @Size(max = 20) List<@StringLength(max = 3) String> texts) throws IOException {
        List<NumberedLine> items = texts.stream()
                .map(text -> new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .map(text -> new NumberedLine(text, 0))
                .toList();

        assertThat(sort(items, new SortLimits(200, 2)))
                .isEqualTo(items.stream().sorted(BY_BYTES).toList());
    }

    private static List<NumberedLine> sort(List<NumberedLine> items, SortLimits limits) throws IOException {
        Path parent = Files.createTempDirectory("sort");
        try (WorkDirectory directory = WorkDirectory.under(parent, Long.MAX_VALUE);
                ExternalSort<NumberedLine> sort = new ExternalSort<>(directory, NumberedLine.FORM, limits)) {
            items.forEach(sort::add);
            List<NumberedLine> sorted = new ArrayList<>();
            sort.sorted().forEachRemaining(sorted::add);
            return sorted;
        } finally {
            Files.delete(parent);
        }
    }

    @Test
    void leavesTheDiskAloneWhenAllFitsIntoMemory(@TempDir Path parent) throws IOException {
        try (WorkDirectory directory = WorkDirectory.under(parent, 0);
                ExternalSort<NumberedLine> sort =
                        new ExternalSort<>(directory, NumberedLine.FORM, SortLimits.DEFAULT)) {
            sort.add(new NumberedLine("b", 1));
            sort.add(new NumberedLine("a", 2));

            assertThat(sort.sorted().next()).isEqualTo(new NumberedLine("a", 2));
            assertThat(directory.mostBytes()).isZero();
        }
    }

    @Test
    void keepsLittleOnTheDiskWhileItMerges(@TempDir Path parent) throws IOException {
        try (WorkDirectory directory = WorkDirectory.under(parent, Long.MAX_VALUE);
                ExternalSort<NumberedLine> sort =
                        new ExternalSort<>(directory, NumberedLine.FORM, new SortLimits(1, 2))) {
            IntStream.range(0, 64).forEach(i -> sort.add(new NumberedLine("line", i)));
            long written = directory.mostBytes();
            Iterator<NumberedLine> sorted = sort.sorted();

            assertThat(sorted.next()).isEqualTo(new NumberedLine("line", 0));
            // each merge needs the room of what it merges once more; the last one that of half of all
            assertThat(directory.mostBytes()).isLessThanOrEqualTo(2 * written);
            assertThat(files(directory.path())).hasSize(3); // the lock, and two that are being merged
        }
        assertThat(files(parent)).isEmpty();
    }

    @Test
    void saysSoWhenTheDirectoryIsFull(@TempDir Path parent) throws IOException {
        try (WorkDirectory directory = WorkDirectory.under(parent, 100);
                ExternalSort<NumberedLine> sort =
                        new ExternalSort<>(directory, NumberedLine.FORM, new SortLimits(100, 2))) {
            assertThatThrownBy(() -> IntStream.range(0, 100).forEach(i -> sort.add(new NumberedLine("line", i))))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("more than 100 bytes")
                    .hasMessageContaining("smaller range");
        }
        assertThat(files(parent)).isEmpty();
    }

    @Test
    void noticesThatAFileWasCutShort(@TempDir Path parent) throws IOException {
        try (WorkDirectory directory = WorkDirectory.under(parent, Long.MAX_VALUE);
                ExternalSort<NumberedLine> sort =
                        new ExternalSort<>(directory, NumberedLine.FORM, new SortLimits(1_000, 8))) {
            IntStream.range(0, 30).forEach(i -> sort.add(new NumberedLine("line", i)));
            Path first = directory.path().resolve("1.run");
            byte[] bytes = Files.readAllBytes(first);
            Files.write(first, Arrays.copyOf(bytes, bytes.length / 2));
            Iterator<NumberedLine> sorted = sort.sorted();

            assertThatThrownBy(() -> sorted.forEachRemaining(item -> {}))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("start again");
        }
    }

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName())).toList();
        }
    }
}

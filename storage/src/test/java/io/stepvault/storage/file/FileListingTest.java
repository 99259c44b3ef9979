package io.stepvault.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.storage.memory.InMemoryObjectStore;
import io.stepvault.storage.object.ListRequest;
import io.stepvault.storage.object.ObjectInfo;
import io.stepvault.storage.object.ObjectPage;
import io.stepvault.storage.object.PutRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Any listing of a directory is the listing of a sorted map of the same keys. */
class FileListingTest {
    @Property(tries = 200)
    void listsLikeASortedMap(
            @ForAll("keys") Set<String> keys,
            @ForAll("places") String prefix,
            @ForAll boolean byDirectory,
            @ForAll("places") String startAfter,
            @ForAll @IntRange(min = 1, max = 6) int max)
            throws IOException {
        Path root = Files.createTempDirectory("listing");
        try {
            InMemoryObjectStore model = new InMemoryObjectStore();
            for (String key : keys) {
                // A name is a directory or a file, never both.
                String file = key + ".f";
                Files.createDirectories(root.resolve(file).getParent());
                Files.writeString(root.resolve(file), "");
                model.put(new PutRequest(file, "text/plain", ByteBuffer.allocate(0), Map.of()))
                        .join();
            }
            Optional<String> after = Optional.of(startAfter).filter(place -> !place.isEmpty());
            ListRequest request = new ListRequest(prefix, byDirectory, after, max);

            ObjectPage page = FileListing.list(root, request);

            ObjectPage expected = model.list(request);
            assertThat(names(page)).isEqualTo(names(expected));
            assertThat(page.prefixes()).isEqualTo(expected.prefixes());
            assertThat(page.truncated()).isEqualTo(expected.truncated());
        } finally {
            delete(root);
        }
    }

    @Provide
    Arbitrary<Set<String>> keys() {
        return key().set().ofMaxSize(12);
    }

    @Provide
    Arbitrary<String> places() {
        return Arbitraries.oneOf(
                Arbitraries.just(""),
                key(),
                key().map(key -> key + "/"),
                key().map(key -> key + "/~"),
                key().map(key -> key + ".f"));
    }

    private static Arbitrary<String> key() {
        return Arbitraries.strings()
                .withChars("ab-0")
                .ofMinLength(1)
                .ofMaxLength(2)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(parts -> String.join("/", parts));
    }

    private static List<String> names(ObjectPage page) {
        return page.objects().stream().map(ObjectInfo::key).toList();
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

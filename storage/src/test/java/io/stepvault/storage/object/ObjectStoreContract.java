package io.stepvault.storage.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every object store does. */
public abstract class ObjectStoreContract {
    /** The store under test; closed by whoever opened it. */
    protected abstract ObjectStore store();

    /** What this test's keys begin with: empty, or with a slash at the end. */
    protected String prefix() {
        return "";
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8_192, 3_333_333, 9_000_000})
    void givesBackTheBytes(int size) throws IOException {
        byte[] bytes = randomBytes(size);

        put("a/bytes", ByteBuffer.wrap(bytes));

        assertThat(read("a/bytes")).isEqualTo(bytes);
        assertThat(store().head(key("a/bytes")).orElseThrow().size()).isEqualTo(size);
    }

    @Test
    void writesWhatLiesBetweenPositionAndLimitAndMovesNoBuffer() throws IOException {
        ByteBuffer heap = ByteBuffer.wrap("..heap..".getBytes(StandardCharsets.UTF_8))
                .position(2)
                .limit(6);
        ByteBuffer direct = ByteBuffer.allocateDirect(8)
                .put("..direct".getBytes(StandardCharsets.UTF_8))
                .position(2);
        ByteBuffer readOnly =
                ByteBuffer.wrap("only".getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();

        put("heap", heap);
        put("direct", direct);
        put("read", readOnly);

        assertThat(List.of(text("heap"), text("direct"), text("read"))).containsExactly("heap", "direct", "only");
        assertThat(List.of(heap.position(), direct.position(), readOnly.position()))
                .containsExactly(2, 2, 0);
    }

    @Test
    void replacesAnObject() throws IOException {
        put("a/b", "a longer first content");
        put("a/b", "second");

        assertThat(text("a/b")).isEqualTo("second");
    }

    @Test
    void keepsKeysToTheLetter() throws IOException {
        List<String> keys = List.of("%2E%2E/%2Fetc%2Fpasswd", "a%00b", "%F0%9F%98%80", "a+b=c@d!e", "x".repeat(240));
        for (String key : keys) {
            put(key, key);
        }

        for (String key : keys) {
            assertThat(text(key)).isEqualTo(key);
        }
        assertThat(keysOf(list(ListRequest.of(prefix())))).containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void readsARange() throws IOException {
        put("digits", "0123456789");

        assertThat(textOf(store().get(key("digits"), Optional.of(new ByteRange(2, 3)))))
                .isEqualTo("234");
        assertThat(textOf(store().get(key("digits"), Optional.of(new ByteRange(8, 100)))))
                .isEqualTo("89");
    }

    @Test
    void refusesARangePastTheEnd() {
        put("digits", "0123456789");

        assertThatThrownBy(() -> store().get(key("digits"), Optional.of(new ByteRange(10, 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key("digits"));
    }

    @Test
    void saysThatAnObjectIsMissing() {
        put("there", "x");

        assertThat(store().head(key("not-there"))).isEmpty();
        assertThatThrownBy(() -> store().get(key("not-there")))
                .isInstanceOf(ObjectNotFoundException.class)
                .hasMessageContaining(key("not-there"))
                .hasMessageContaining(store().location().toString());
        assertThat(list(ListRequest.of(key("not-there"))).objects()).isEmpty();
        assertThat(list(ListRequest.directory(key("not/there/"))).prefixes()).isEmpty();
    }

    @Test
    void deletes() {
        put("a/b/c", "x");
        put("a/d", "x");

        store().delete(key("a/b/c"));
        store().delete(key("a/b/c"));
        store().delete(key("never/was"));

        assertThat(store().head(key("a/b/c"))).isEmpty();
        assertThat(keysOf(list(ListRequest.of(key("a/"))))).containsExactly("a/d");
        assertThat(list(ListRequest.directory(key("a/"))).prefixes()).isEmpty();
        put("a/b/c", "again");
        assertThat(keysOf(list(ListRequest.of(key("a/"))))).containsExactly("a/b/c", "a/d");
    }

    /** A dash and a dot come before the slash, digits after it: a directory's files don't lie where its name does. */
    @Test
    void listsInTheOrderOfTheBytesOfWholeKeys() {
        List<String> keys = List.of("a-b/x", "a-b/z", "a.b", "a/B", "a/b-c", "a/b/c", "a/b0", "a0", "aB/x", "ab");
        keys.forEach(key -> put(key, "x"));

        assertThat(keysOf(list(ListRequest.of(prefix())))).containsExactlyElementsOf(keys);
        assertThat(keysOf(list(ListRequest.of(key("a/b"))))).containsExactly("a/b-c", "a/b/c", "a/b0");
        assertThat(keysOf(list(ListRequest.of(prefix()).after(key("a/b-c")))))
                .containsExactly("a/b/c", "a/b0", "a0", "aB/x", "ab");
        assertThat(keysOf(list(ListRequest.of(prefix()).after(key("a/b/"))))).startsWith("a/b/c");
        assertThat(keysOf(list(ListRequest.of(key("a/")).after(key("a/b/~"))))).containsExactly("a/b0");
    }

    @Test
    void rollsUpDirectories() {
        List.of("d/1/a", "d/1/b", "d/2/a/a", "d/3", "d/4/a", "e/1").forEach(key -> put(key, "x"));

        ObjectPage page = list(ListRequest.directory(key("d/")));

        assertThat(page.prefixes()).containsExactly(key("d/1/"), key("d/2/"), key("d/4/"));
        assertThat(keysOf(page)).containsExactly("d/3");
        assertThat(page.truncated()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 100})
    void pagesThroughListings(int max) {
        List.of("d/1/a", "d/1/b", "d/2/a/a", "d/3", "d/4/a", "d/5", "e/1").forEach(key -> put(key, "x"));

        List<String> flat = new ArrayList<>();
        List<String> directories = new ArrayList<>();
        pages(new ListRequest(key("d/"), false, Optional.empty(), max)).forEach(page -> flat.addAll(keysOf(page)));
        pages(new ListRequest(key("d/"), true, Optional.empty(), max)).forEach(page -> {
            assertThat(page.objects().size() + page.prefixes().size()).isLessThanOrEqualTo(max);
            directories.addAll(keysOf(page));
            page.prefixes().forEach(found -> directories.add(found.substring(prefix().length())));
        });

        assertThat(flat).containsExactly("d/1/a", "d/1/b", "d/2/a/a", "d/3", "d/4/a", "d/5");
        assertThat(directories).containsExactlyInAnyOrder("d/1/", "d/2/", "d/3", "d/4/", "d/5");
    }

    @Test
    void showsAReaderNoTornObjectWhileItIsWritten() throws IOException {
        List<byte[]> contents = IntStream.range(0, 4)
                .mapToObj(i -> filled(300_000 + 50_000 * i, (byte) i))
                .toList();
        put("torn", ByteBuffer.wrap(contents.get(0)));

        List<CompletableFuture<Void>> puts = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            puts.add(store().put(request("torn", ByteBuffer.wrap(contents.get(i % 4)))));
            byte[] seen = read("torn");
            assertThat(seen).isEqualTo(filled(300_000 + 50_000 * seen[0], seen[0]));
        }
        CompletableFuture.allOf(puts.toArray(CompletableFuture[]::new)).join();
    }

    @Test
    void writesManyAtOnce() {
        List<CompletableFuture<Void>> puts = IntStream.range(0, 200)
                .mapToObj(i -> store().put(request("many/" + i % 100, ByteBuffer.wrap(new byte[] {(byte) (i % 100)}))))
                .toList();
        CompletableFuture.allOf(puts.toArray(CompletableFuture[]::new)).join();

        assertThat(list(ListRequest.of(key("many/"))).objects()).hasSize(100);
    }

    protected final String key(String name) {
        return prefix() + name;
    }

    protected final PutRequest request(String name, ByteBuffer body) {
        return new PutRequest(key(name), "application/octet-stream", body, Map.of());
    }

    protected final void put(String name, String text) {
        put(name, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void put(String name, ByteBuffer body) {
        store().put(request(name, body)).join();
    }

    protected final String text(String name) throws IOException {
        return textOf(store().get(key(name)));
    }

    private byte[] read(String name) throws IOException {
        try (InputStream in = store().get(key(name))) {
            return in.readAllBytes();
        }
    }

    private static String textOf(InputStream in) throws IOException {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private ObjectPage list(ListRequest request) {
        return store().list(request);
    }

    private List<ObjectPage> pages(ListRequest first) {
        List<ObjectPage> pages = new ArrayList<>();
        for (Optional<ListRequest> request = Optional.of(first); request.isPresent(); ) {
            ObjectPage page = list(request.get());
            pages.add(page);
            request = page.next(request.get());
        }
        return pages;
    }

    /** Keys without this test's prefix. */
    private List<String> keysOf(ObjectPage page) {
        return page.objects().stream()
                .map(object -> object.key().substring(prefix().length()))
                .toList();
    }

    private static byte[] randomBytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static byte[] filled(int size, byte value) {
        byte[] bytes = new byte[size];
        Arrays.fill(bytes, value);
        return bytes;
    }
}

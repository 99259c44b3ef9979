package io.stepvault.storage;

import static io.stepvault.storage.Captures.NOON;
import static io.stepvault.storage.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.memory.InMemoryObjectStore;
import io.stepvault.storage.object.ByteRange;
import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.PutRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CompressionTest {
    private static final String PAGE = "<p>é</p>\n".repeat(1_000);
    private static final String HAR = "{\"log\": [1, 2, 3]}\n".repeat(500);

    private final InMemoryObjectStore objects = new InMemoryObjectStore();
    private final List<String> gets = new ArrayList<>();

    private StepStore store(Compression compression) {
        return new ObjectStepStore(
                new ForwardingObjectStore(objects) {
                    @Override
                    public InputStream get(String key, Optional<ByteRange> range) {
                        gets.add(key);
                        return super.get(key, range);
                    }
                },
                "",
                TestStores.direct().withCompression(compression));
    }

    private static StepCapture capture() {
        return aStep().html(PAGE)
                .screenshot("image/png", new byte[5_000])
                .attachment("net.har", HAR.getBytes(StandardCharsets.UTF_8))
                .attachment("small", new byte[1_024])
                .build();
    }

    private static StoreOutcome.Stored stored(StepStore store, StepCapture capture) {
        return (StoreOutcome.Stored) store.store(List.of(capture)).get(0);
    }

    private static String key(StoreOutcome.Stored stored, String artifact) {
        return Objects.requireNonNull(stored.artifactUris().get(artifact))
                .toString()
                .replaceFirst("^memory:store/", "");
    }

    private List<String> keys() {
        return objects.contents().keySet().stream()
                .filter(key -> key.startsWith("sessions/"))
                .map(key -> key.replaceFirst(".*Z-[0-9a-f]{16}/", ""))
                .toList();
    }

    @Test
    void compressesWhatGetsSmaller() throws IOException {
        StoreOutcome.Stored stored = stored(store(Compression.GZIP), capture());

        assertThat(keys())
                .containsExactly(
                        "attachments/small",
                        "gzip/attachments/net.har",
                        "gzip/page.html",
                        "screenshot.png",
                        "step.json");
        String page = key(stored, "html");
        assertThat(page).endsWith("/gzip/page.html");
        assertThat(objects.contentEncoding(page)).hasValue("gzip");
        assertThat(objects.contentType(page)).hasValue("text/html; charset=utf-8");
        byte[] compressed = objects.contents().get(page);
        assertThat(compressed).hasSizeLessThan(1_000);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(compressed)).readAllBytes())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(PAGE);
        assertThat(key(stored, "screenshot")).doesNotContain("gzip");
    }

    @Test
    void makesNoDifferenceToTheRevision() {
        StoreOutcome.Stored compressed = stored(store(Compression.GZIP), capture());
        Map<String, byte[]> once = objects.contents();
        StoreOutcome.Stored plain = stored(store(Compression.NONE), capture());

        assertThat(plain.revision()).isEqualTo(compressed.revision());
        assertThat(plain.record()).isEqualTo(compressed.record());
        assertThat(keys()).contains("gzip/page.html", "page.html");
        once.forEach((key, bytes) -> assertThat(objects.contents().get(key)).isEqualTo(bytes));
        assertThat(store(Compression.NONE)
                        .revisions("session", "step", PageRequest.first(9))
                        .items())
                .containsExactly(plain.revision());
    }

    @ParameterizedTest
    @CsvSource({"NONE, NONE", "NONE, GZIP", "GZIP, NONE", "GZIP, GZIP"})
    void readsWhatWasWrittenInEitherForm(Compression written, Compression read) throws IOException {
        StoreOutcome.Stored stored = stored(store(written), capture());

        StoredStep step = store(read).load("session", "step").orElseThrow();

        assertThat(step.artifactUris()).isEqualTo(stored.artifactUris());
        assertThat(step.record()).isEqualTo(stored.record());
        assertThat(step.read("html")).asString(StandardCharsets.UTF_8).isEqualTo(PAGE);
        try (InputStream in = step.open("attachments/net.har")) {
            assertThat(in.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo(HAR);
        }
        assertThat(step.read("attachments/small")).isEqualTo(new byte[1_024]);
        assertThat(step.read("screenshot")).isEqualTo(new byte[5_000]);
        byte[] page = PAGE.getBytes(StandardCharsets.UTF_8);
        for (ByteRange range :
                List.of(new ByteRange(0, 1), new ByteRange(4_321, 1_000), new ByteRange(9_990, 1_000_000))) {
            try (InputStream in = step.open("html", range)) {
                assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(page, (int) range.offset(), (int)
                        Math.min(page.length, range.offset() + range.length())));
            }
        }
        assertThatThrownBy(() -> step.open("html", new ByteRange(page.length, 1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource
    void asksForEachArtifactOnceInTheFormThatItWrites(Compression compression) {
        StepStore store = store(compression);
        stored(store, capture());
        StoredStep step = store.load("session", "step").orElseThrow();
        gets.clear();

        step.record().artifacts().keySet().forEach(step::read);

        assertThat(gets).hasSize(4);
    }

    @ParameterizedTest
    @EnumSource
    void asksOnceMoreUntilItHasFoundTheOtherForm(Compression compression) {
        stored(store(compression.other()), capture());
        StoredStep step = store(compression).load("session", "step").orElseThrow();
        gets.clear();

        var unusedHar = step.read("attachments/net.har");
        assertThat(gets).hasSize(2);
        var unusedPage = step.read("html");
        assertThat(gets).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource
    void saysThatAnArtifactIsGone(Compression compression) {
        StepStore store = store(compression);
        stored(store, capture());
        StoredStep step = store.load("session", "step").orElseThrow();
        store.deleteSession("session");

        assertThatThrownBy(() -> step.read("html"))
                .isInstanceOf(ObjectNotFoundException.class)
                .hasMessageContaining("expired or been deleted");
        assertThat(keys()).isEmpty();
    }

    /** A writer that had the other setting may have died after it wrote, and before it looked for the tombstone again. */
    @ParameterizedTest
    @EnumSource
    void leavesNothingOfADeletedSessionInEitherForm(Compression compression) {
        stored(store(compression), capture());
        objects.put(new PutRequest("deleted/session", "text/plain", ByteBuffer.allocate(0), Map.of()))
                .join();

        assertThat(store(compression.other()).store(List.of(capture())))
                .containsExactly(new StoreOutcome.SessionDeleted());

        assertThat(objects.contents().keySet()).containsExactly("deleted/session");
    }

    @Test
    void takesAnOldStepForWholeInEitherForm() {
        StepStore writer = new ObjectStepStore(
                objects,
                "",
                TestStores.direct()
                        .withClock(new SteppedClock(NOON.plus(Duration.ofDays(9))))
                        .withCompression(Compression.GZIP));
        stored(writer, capture());
        int puts = objects.puts().size();

        stored(writer, capture());

        assertThat(objects.puts()).as("each object once more").hasSize(puts + 6);
        assertThat(keys()).hasSize(5);
    }

    @Test
    void copiesBetweenStoresOfEitherKind() {
        stored(store(Compression.GZIP), capture());
        InMemoryObjectStore plain = new InMemoryObjectStore();
        InMemoryObjectStore again = new InMemoryObjectStore();
        StepStore to = TestStores.over(plain);

        new SessionCopy(store(Compression.NONE), to, 1, new SessionCopy.Listener() {}).sessions(SessionFilter.ALL);
        new SessionCopy(
                        to,
                        new ObjectStepStore(again, "", TestStores.direct().withCompression(Compression.GZIP)),
                        1,
                        new SessionCopy.Listener() {})
                .sessions(SessionFilter.ALL);

        assertThat(plain.contents().keySet()).noneMatch(key -> key.contains("/gzip/"));
        Map<String, byte[]> original = objects.contents();
        assertThat(again.contents().keySet()).isEqualTo(original.keySet());
        again.contents().forEach((key, bytes) -> assertThat(bytes).isEqualTo(original.get(key)));
    }

    private void replacePage(StoreOutcome.Stored stored, byte[] bytes) {
        String key = key(stored, "html");
        objects.put(new PutRequest(key, "text/html", ByteBuffer.wrap(bytes), Map.of()))
                .join();
    }

    private byte[] page(StoreOutcome.Stored stored) {
        return Objects.requireNonNull(objects.contents().get(key(stored, "html")));
    }

    @Test
    void readsNoMoreOfABombThanTheArtifactShouldHave() throws IOException {
        StepStore store = store(Compression.GZIP);
        StoreOutcome.Stored stored = stored(store, capture());
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
            for (int i = 0; i < 256; i++) {
                gzip.write(new byte[1 << 20]);
            }
        }
        replacePage(stored, bomb.toByteArray());
        StoredStep step = store.load("session", "step").orElseThrow();
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();

        assertThatThrownBy(() -> step.read("html")).isInstanceOf(ObjectCorruptException.class);
        try (InputStream in = step.open("html")) {
            assertThatThrownBy(in::readAllBytes).hasCauseInstanceOf(ObjectCorruptException.class);
        }

        assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                .as("bytes allocated in all")
                .isLessThan(8 << 20);
    }

    @Property(tries = 300)
    void givesTheArtifactOrSaysThatItIsDamaged(@ForAll long seed, @ForAll @IntRange(min = 0, max = 3) int damage) {
        StepStore store = store(Compression.GZIP);
        StoreOutcome.Stored stored = stored(store, capture());
        Random random = new Random(seed);
        byte[] bytes = page(stored);
        switch (damage) {
            case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(20));
            case 2 -> random.nextBytes(bytes);
            default -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        replacePage(stored, bytes);
        StoredStep step = store.load("session", "step").orElseThrow();

        try {
            assertThat(step.read("html")).asString(StandardCharsets.UTF_8).isEqualTo(PAGE);
        } catch (ObjectCorruptException e) {
            assertThat(e).hasMessageContaining("replay the capture");
        }
    }

    /** As Google's does for who does not accept gzip. */
    @Test
    void readsFromAStoreThatDecompressesByItself() {
        StoreOutcome.Stored stored = stored(store(Compression.GZIP), capture());
        replacePage(stored, PAGE.getBytes(StandardCharsets.UTF_8));

        assertThat(store(Compression.GZIP).load("session", "step").orElseThrow().read("html"))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(PAGE);
    }

    @Test
    void saysThatACompressedObjectIsTooShortForARange() {
        StepStore store = store(Compression.GZIP);
        StoreOutcome.Stored stored = stored(store, capture());
        replacePage(
                stored,
                Gzip.compressed(ByteBuffer.wrap(new byte[2_000])).orElseThrow().array());
        StoredStep step = store.load("session", "step").orElseThrow();

        assertThatThrownBy(() -> step.open("html", new ByteRange(3_000, 1)))
                .isInstanceOf(ObjectCorruptException.class)
                .hasMessageContaining("shorter");
        assertThatThrownBy(() -> step.open("html", new ByteRange(1_999, 2)).readAllBytes())
                .isInstanceOf(IOException.class)
                .hasCauseInstanceOf(ObjectCorruptException.class);
    }

    @Test
    void compressesOnlyWhatItWritesItself() {
        stored(store(Compression.NONE), capture());
        Set<String> before = objects.contents().keySet();

        StoredStep step = store(Compression.GZIP).load("session", "step").orElseThrow();
        step.record().artifacts().keySet().forEach(step::read);

        assertThat(objects.contents().keySet()).isEqualTo(before);
    }
}

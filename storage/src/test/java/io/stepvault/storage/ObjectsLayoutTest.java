package io.stepvault.storage;

import static io.stepvault.storage.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.capture.IdCodec;
import io.stepvault.capture.Revision;
import io.stepvault.storage.memory.InMemoryObjectStore;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectsLayoutTest {
    private final ObjectsLayout layout = new ObjectsLayout("crawls/eu");

    /** Golden: stored buckets have these keys. The hash was computed apart from this code, by Python's json and hashlib. */
    @Test
    void hasTheKeysOfTheDesign() {
        InMemoryObjectStore objects = new InMemoryObjectStore(
                Clock.fixed(Instant.parse("2026-11-20T12:30:00Z"), ZoneOffset.UTC), Runnable::run);
        StoreOptions options = StoreOptions.defaults()
                .withClock(Clock.fixed(Instant.parse("2026-11-20T12:30:00Z"), ZoneOffset.UTC))
                .withExecutor(Runnable::run);
        try (StepStore store = new ObjectStepStore(objects, "crawls/eu", options)) {
            store.store(List.of(aStep().inSession("https://example.org/")
                    .called("../1 é")
                    .html("<p>hello</p>")
                    .screenshot("image/PNG; q=1", new byte[] {1, 2, 3})
                    .attachment("a/b.har", new byte[0])
                    .build()));
        }

        String revision = "crawls/eu/sessions/https%3A%2F%2Fexample.org%2F/steps/%2E.%2F1%20%C3%A9/"
                + "20261120T120000.123456Z-7bb488420afa8181/";
        assertThat(objects.puts())
                .containsExactly(
                        "crawls/eu/days/2026-11-20/https%3A%2F%2Fexample.org%2F",
                        revision + "attachments/a%2Fb.har",
                        revision + "page.html",
                        revision + "screenshot.png",
                        revision + "step.json");
    }

    @ParameterizedTest
    @CsvSource({
        "image/png, png",
        "image/jpeg, jpg",
        "IMAGE/WebP, webp",
        "image/gif, gif",
        "image/avif ; x=y, avif",
        "image/svg+xml, svg",
        "application/pdf, bin",
        "'', bin",
        "../../etc, bin"
    })
    void namesAScreenshotByItsContentType(String contentType, String extension) {
        assertThat(layout.artifact("r/", "screenshot", contentType)).isEqualTo("r/screenshot." + extension);
    }

    @Property
    void readsItsOwnCommitKeysBack(
            @ForAll @StringLength(min = 1, max = 20) String session,
            @ForAll @StringLength(min = 1, max = 20) String step) {
        Assume.that(isUnicode(session) && isUnicode(step));
        Revision revision = new Revision(Instant.EPOCH, "0123456789abcdef");

        String key = layout.commitRecord(layout.revision(session, step, revision));

        assertThat(layout.readCommitKey(layout.steps(session), key))
                .contains(new ObjectsLayout.CommitKey(step, revision));
        assertThat(layout.readSession(layout.day(LocalDate.EPOCH), layout.dayMarker(LocalDate.EPOCH, session)))
                .contains(session);
    }

    private static boolean isUnicode(String text) {
        try {
            IdCodec.encode(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Test
    void passesOverForeignKeys() {
        String steps = layout.steps("s");
        String revision = "20261120T080012.345678Z-0123456789abcdef";

        assertThat(List.of(
                        "x",
                        "x/" + revision,
                        "x/not-a-revision/step.json",
                        "x%2f/" + revision + "/step.json",
                        "x/" + revision + "/page.html",
                        "x/" + revision + "/gzip/step.json"))
                .allSatisfy(key ->
                        assertThat(layout.readCommitKey(steps, steps + key)).isEmpty());
        assertThat(layout.readDay(layout.days() + "2026-13-01/")).isEmpty();
        assertThat(layout.readDay(layout.days() + "+12026-01-01/")).isEmpty();
        assertThat(layout.readDay(layout.days() + "2026-01-31/")).contains(LocalDate.of(2026, 1, 31));
    }

    @Test
    void keepsTheLongestKeyWithinWhatS3Takes() {
        ObjectsLayout longest = new ObjectsLayout("p".repeat(200));
        String id = "i".repeat(240);
        String revision = longest.revision(id, id, new Revision(Instant.EPOCH, "0123456789abcdef"));

        assertThat(longest.artifact(revision, "attachments/" + id, "x/y").length())
                .isLessThanOrEqualTo(1024);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a", "a/", "a//b", ".", "a/../b", "a b", "a%20b", "a~", "é", ".tmp"})
    void refusesAPrefixThatKeysCannotHave(String prefix) {
        assertThatThrownBy(() -> new ObjectsLayout(prefix)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesALongPrefix() {
        assertThatThrownBy(() -> new ObjectsLayout("p".repeat(201)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("200");
    }
}

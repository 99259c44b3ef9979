package io.stepvault.devkit.readback;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.capture.Artifacts;
import io.stepvault.capture.StepCaptures;
import io.stepvault.event.StepCapture;
import io.stepvault.storage.StepStore;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadBackTest {
    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private final Path directory;

    ReadBackTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void findsNothingAmissInWhatWasStored() {
        try (StepStore store = StepStore.open(directory.toUri())) {
            // given
            store.store(List.of(capture(NOON, "page")));

            // when
            ReadBack.Result result = new ReadBack(store).compare(capture(NOON, "page"));

            // then
            assertThat(result).isEqualTo(new ReadBack.Result(true, 2, 2, List.of()));
        }
    }

    @Test
    void namesAStepThatIsNotThere() {
        try (StepStore store = StepStore.open(directory.toUri())) {
            // when
            ReadBack.Result result = new ReadBack(store).compare(capture(NOON, "page"));

            // then
            assertThat(result)
                    .isEqualTo(new ReadBack.Result(false, 2, 0, List.of("session s1, step one: not in the store")));
        }
    }

    @Test
    void namesAnotherRevisionInItsPlace() {
        try (StepStore store = StepStore.open(directory.toUri())) {
            // given
            store.store(List.of(capture(NOON, "page"), capture(NOON.plusSeconds(1), "other")));

            // when
            ReadBack.Result result = new ReadBack(store).compare(capture(NOON, "page"));

            // then
            assertThat(result.found()).isFalse();
            assertThat(result.verified()).isOne();
            assertThat(result.differences())
                    .hasSize(2)
                    .anySatisfy(line -> assertThat(line)
                            .contains("revision 20261120T120001.000000Z-")
                            .contains("published 20261120T120000.000000Z-"))
                    .anySatisfy(line -> assertThat(line).startsWith("session s1, step one, html: SHA-256 "));
        }
    }

    @Test
    void namesAnArtifactThatWasChanged() throws Exception {
        try (StepStore store = StepStore.open(directory.toUri())) {
            // given
            store.store(List.of(capture(NOON, "page")));
            URI page = store.load("s1", "one").orElseThrow().artifactUris().get("html");
            Files.write(Path.of(page), "pagE".getBytes(StandardCharsets.UTF_8));

            // when
            ReadBack.Result result = new ReadBack(store).compare(capture(NOON, "page"));

            // then
            assertThat(result.found()).isTrue();
            assertThat(result.verified()).isOne();
            assertThat(result.differences()).singleElement().asString().startsWith("session s1, step one, html: ");
        }
    }

    private static StepCapture capture(Instant at, String page) {
        return StepCaptures.of("s1", "one", at)
                .setHtml(Artifacts.html(page))
                .setScreenshot(Artifacts.png(new byte[] {1, 2, 3}))
                .build();
    }
}

package io.stepvault.devkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.event.StepCapture;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleCrawlTest {
    @Test
    void shipsTwoSessionsOfStepsInOrder() {
        // when
        Crawl crawl = SampleCrawl.read("");

        // then
        assertThat(crawl.sessions()).containsExactly("crawl-2026-11-20T0800Z-029739", "crawl-2026-11-20T0807Z-ecc07b");
        assertThat(crawl.captures()).hasSize(24).allSatisfy(capture -> {
            assertThat(capture.getHtml()).isPresent();
            assertThat(capture.getScreenshot()).isPresent();
            assertThat(capture.getAction()).isPresent();
        });
        List<StepCapture> first = crawl.captures().stream().limit(12).toList();
        assertThat(first)
                .extracting(StepCapture::getSequence)
                .extracting(java.util.Optional::orElseThrow)
                .containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L);
        assertThat(first)
                .extracting(StepCapture::getEndOfSession)
                .containsExactly(false, false, false, false, false, false, false, false, false, false, false, true);
    }

    @Test
    void isTheSameOutOfAJar(@TempDir Path directory) throws Exception {
        // given
        Path notice = Path.of(Objects.requireNonNull(SampleCrawl.class.getResource("samples/NOTICE"))
                .toURI());
        Path jar = directory.resolve("with blank.jar");
        zip(notice.resolveSibling(""), jar);

        // when
        Crawl crawl =
                SampleCrawl.beside(URI.create("jar:" + jar.toUri() + "!/NOTICE").toURL(), "");

        // then
        assertThat(crawl.byRevision()).isEqualTo(SampleCrawl.read("").byRevision());
    }

    @Test
    void takesOtherNamesForItsSessions() {
        // when
        Crawl crawl = SampleCrawl.read("-again");

        // then
        assertThat(crawl.sessions())
                .containsExactly("crawl-2026-11-20T0800Z-029739-again", "crawl-2026-11-20T0807Z-ecc07b-again");
    }

    private static void zip(Path root, Path target) throws IOException {
        try (Stream<Path> files = Files.walk(root);
                OutputStream file = Files.newOutputStream(target);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            for (Path path : files.filter(Files::isRegularFile).toList()) {
                zip.putNextEntry(new ZipEntry(root.relativize(path).toString()));
                Files.copy(path, zip);
            }
        }
    }
}

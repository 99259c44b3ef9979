package io.stepvault.worker.cli.crawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.event.StepCapture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrawlDirectoryTest {
    @TempDir
    private Path root = Path.of("");

    @Test
    void readsSessionsAndStepsInTheOrderPeopleCount() throws Exception {
        write("s-10/step-1/page.html", "x");
        write("s-9/step-10/page.html", "x");
        write("s-9/step-9/page.html", "x");
        write("s-9/.hidden/page.html", "x");
        write("README", "x");

        CrawlDirectory crawl = CrawlDirectory.open(root);

        assertThat(crawl.sessions()).containsExactly(root.resolve("s-9"), root.resolve("s-10"));
        assertThat(crawl.steps(root.resolve("s-9")).stream().map(StepFiles::stepId))
                .containsExactly("step-9", "step-10");
    }

    @Test
    void readsAWholeStep() throws Exception {
        String action = "{\"type\": \"click\", \"target\": {\"url\": \"no\"}, \"url\": \"https://a.example/\","
                + " \"captured_at\": \"2026-11-20T09:00:00.5+01:00\"}\n";
        write("s/1/page.html", "<p>ä");
        write("s/1/screenshot.png", "png");
        write("s/1/action.json", action);
        write("s/1/attachments/net.har", "{}");

        StepCapture capture = only("s").read("s", 7).build();

        assertThat(capture.getSessionId()).isEqualTo("s");
        assertThat(capture.getStepId()).isEqualTo("1");
        assertThat(capture.getSequence()).contains(7L);
        assertThat(capture.getUrl()).contains("https://a.example/");
        assertThat(capture.getCapturedAt()).isEqualTo(Instant.parse("2026-11-20T08:00:00.5Z"));
        assertThat(capture.getAction()).contains(action);
        assertThat(capture.getHtml().orElseThrow().getContentType()).isEqualTo("text/html; charset=utf-8");
        assertThat(capture.getScreenshot().orElseThrow().getContentType()).isEqualTo("image/png");
        assertThat(capture.getAttachments()).containsOnlyKeys("net.har");
        assertThat(only("s").size())
                .isEqualTo("<p>ä".getBytes(StandardCharsets.UTF_8).length + 3 + action.length() + 2);
    }

    @Test
    void takesTheFilesTimeWhereNoOtherIsTold() throws Exception {
        Path page = write("s/1/page.html", "x");
        Instant modified = Instant.parse("2026-01-02T03:04:05Z");
        Files.setLastModifiedTime(page, FileTime.from(modified));

        StepCapture capture = only("s").read("s", 0).build();

        assertThat(capture.getCapturedAt()).isEqualTo(modified);
        assertThat(capture.getUrl()).isEmpty();
        assertThat(capture.getScreenshot()).isEmpty();
    }

    @Test
    void takesHtmlOfAnotherEncodingForWhatItIs() throws Exception {
        Files.write(write("s/1/page.html", ""), new byte[] {(byte) 0xE4});

        assertThat(only("s").read("s", 0).build().getHtml().orElseThrow().getContentType())
                .isEqualTo("text/html");
    }

    @Test
    void namesTheFileThatIsWrong() throws Exception {
        write("s/1/action.json", "{\"url\": ");
        write("t/1/action.json", "{\"captured_at\": \"yesterday\"}");
        write("u/1/readme.txt", "");
        write("v/1/page.html", "");

        assertThatThrownBy(() -> only("s").read("s", 0))
                .isInstanceOf(CrawlException.class)
                .hasMessageContaining("s/1/action.json is not JSON");
        assertThatThrownBy(() -> only("t").read("t", 0)).hasMessageContaining("captured_at that is no time");
        assertThatThrownBy(() -> only("u").read("u", 0)).hasMessageContaining("u/1 is no step");
    }

    @Test
    void doesNotFollowSymbolicLinks() throws Exception {
        Path secret = write("../" + root.getFileName() + "-secret", "secret");
        write("s/1/action.json", "{}");
        Files.createSymbolicLink(root.resolve("s/1/page.html"), secret);
        Files.createSymbolicLink(root.resolve("linked"), root.resolve("s"));

        assertThat(CrawlDirectory.open(root).sessions()).containsExactly(root.resolve("s"));
        assertThat(only("s").read("s", 0).build().getHtml()).isEmpty();
        Files.delete(secret);
    }

    @Test
    void saysWhatItExpectedOfAWrongDirectory() throws Exception {
        Path missing = root.resolve("missing");
        Path file = write("file", "x");
        Path empty = Files.createDirectories(root.resolve("empty/a/b"));
        write("crawl/s/1/page.html", "x");

        assertThatThrownBy(() -> CrawlDirectory.open(missing)).hasMessageContaining("no directory " + missing);
        assertThatThrownBy(() -> CrawlDirectory.open(file)).hasMessageContaining("is a file; expected a directory");
        assertThatThrownBy(() -> CrawlDirectory.open(empty)).hasMessageContaining("there is no crawl in");
        assertThatThrownBy(() -> CrawlDirectory.open(root.resolve("crawl/s")))
                .hasMessageContaining("looks like one session");
        assertThatThrownBy(() -> CrawlDirectory.open(root.resolve("crawl/s/1")))
                .hasMessageContaining("looks like one step");
    }

    private StepFiles only(String session) throws CrawlException {
        return CrawlDirectory.open(root).steps(root.resolve(session)).get(0);
    }

    private Path write(String path, String text) throws IOException {
        Path file = root.resolve(path).normalize();
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }
}

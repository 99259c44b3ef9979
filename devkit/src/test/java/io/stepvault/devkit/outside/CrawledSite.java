package io.stepvault.devkit.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.stepvault.capture.CommitRecord;
import io.stepvault.storage.StoredStep;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.imageio.ImageIO;

/** Compares what is stored of a crawl of the site with what the crawler said and with what the site is. */
final class CrawledSite {
    private static final List<String> PAGES = List.of("index.html", "lamps.html", "stock.html", "order.html");
    private static final String LARGE = "stock.html";
    private static final JsonFactory JSON = new JsonFactory();

    private CrawledSite() {}

    /** Whether a crawler runs the site's scripts and has eyes. */
    record Kind(String label, boolean isBrowser) {}

    /** @param said a line of JSON for each step, with the SHA-256 of what the crawler saw */
    static void assertStored(IngestBed bed, ExampleSite site, String session, String said, Kind crawler)
            throws IOException {
        List<Map<String, String>> published =
                said.lines().map(CrawledSite::fields).toList();
        assertThat(published).hasSize(PAGES.size());
        assertThat(bed.steps(session)).containsExactly("step-0001", "step-0002", "step-0003", "step-0004");

        for (int i = 0; i < PAGES.size(); i++) {
            Map<String, String> line = published.get(i);
            StoredStep step = bed.step(session, "step-000" + (i + 1));
            CommitRecord record = step.record();
            boolean isLast = i == PAGES.size() - 1;

            assertThat(line).containsEntry("session", session).containsEntry("step", record.stepId());
            assertThat(record.sequence()).contains((long) i);
            assertThat(record.url()).contains(site.page(PAGES.get(i)).toString());
            assertThat(record.endOfSession()).isEqualTo(isLast);
            assertThat(record.labels()).containsEntry("crawler", crawler.label());
            assertThat(record.action()).isEqualTo(Optional.ofNullable(line.get("action")));
            assertThat(record.action().orElse("")).contains(isLast ? "stop" : "click");

            // Reading compares with the commit record's SHA-256, and that is compared with the crawler's own.
            String html = new String(step.read("html"), StandardCharsets.UTF_8);
            assertThat(sha256(record, "html")).isEqualTo(line.get("html"));
            assertThat(html).contains(i == 1 ? "雪洞 (bonbori)" : "<h1>");
            if (crawler.isBrowser()) {
                BufferedImage screenshot = ImageIO.read(new ByteArrayInputStream(step.read("screenshot")));
                assertThat(screenshot.getWidth()).isEqualTo(1280);
                assertThat(sha256(record, "screenshot")).isEqualTo(line.get("screenshot"));
                boolean isLarge = PAGES.get(i).equals(LARGE);
                assertThat(html.length() > 1 << 21)
                        .as("the script has made the table")
                        .isEqualTo(isLarge);
            }
        }
        assertThat(bed.store().completeness(session).missingCount()).isZero();
    }

    /** How many records each step took, as the crawler says. */
    static List<String> recordsPerStep(String said) {
        return said.lines()
                .map(line -> fields(line).getOrDefault("records", ""))
                .toList();
    }

    private static String sha256(CommitRecord record, String artifact) {
        return Objects.requireNonNull(record.artifacts().get(artifact)).sha256();
    }

    private static Map<String, String> fields(String line) {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser json = JSON.createParser(line)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                fields.put(name, json.getText());
            }
        } catch (IOException e) {
            throw new AssertionError("not a line of JSON: " + line, e);
        }
        return fields;
    }
}

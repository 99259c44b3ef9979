package io.stepvault.capture;

import static io.stepvault.capture.testing.StepBuilder.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.event.StepCapture;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A {@code step.json} may have been written by anyone, and torn by anything. */
class CommitRecordParseTest {
    private static final String IDS = "\"session_id\":\"s\",\"step_id\":\"t\",";
    private static final String START = "{\"captured_at\":\"2026-11-20T08:00:12.345678Z\"," + IDS;
    private static final String SHA256 = "0".repeat(64);

    @Test
    void recordThatBreaksOffAnywhereIsRefused() {
        byte[] json = CommitRecord.of(aStep().withSequence(-12)
                        .withUrl("https://example.org/é😀")
                        .withHtml("<p>")
                        .withAttachment("a", "b")
                        .withAction("{\"a\":\"\\n\"}")
                        .withLabel("l", "\u0001")
                        .endingTheSession()
                        .build())
                .toJson();

        for (int length = 0; length < json.length; length++) {
            byte[] torn = Arrays.copyOf(json, length);
            refused(torn);
        }
    }

    @Property
    void changedByteIsReadOrRefused(
            @ForAll StepCapture capture, @ForAll @IntRange(max = 10_000) int at, @ForAll byte changed) {
        byte[] json = CommitRecord.of(capture).toJson();
        json[at % json.length] = changed;

        readOrRefused(json);
    }

    @Property
    void anyBytesAreReadOrRefused(@ForAll byte[] bytes) {
        readOrRefused(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "\"text\"",
                "7",
                "{}",
                START + "\"session_id\":\"again\"}", // a name twice
                START + "\"labels\":{\"a\":\"1\",\"a\":\"2\"}}",
                START + "\"labels\":{\"a\":\"1\",\"\\u0061\":\"2\"}}",
                START + "\"future\":{\"a\":1,\"a\":2}}",
                START + "\"url\":null}", // wrong types
                START + "\"url\":1}",
                START + "\"url\":[\"u\"]}",
                START + "\"action\":{}}",
                START + "\"sequence\":\"1\"}",
                START + "\"sequence\":1.0}",
                START + "\"sequence\":1e3}",
                START + "\"sequence\":true}",
                START + "\"sequence\":null}",
                START + "\"sequence\":9223372036854775808}",
                START + "\"sequence\":-9223372036854775809}",
                START + "\"sequence\":01}",
                START + "\"sequence\":NaN}",
                START + "\"end_of_session\":1}",
                START + "\"end_of_session\":\"true\"}",
                START + "\"end_of_session\":null}",
                START + "\"labels\":[]}",
                START + "\"labels\":{\"a\":1}}",
                START + "\"labels\":{\"a\":{}}}",
                START + "\"artifacts\":[]}",
                START + "\"artifacts\":{\"html\":[]}}",
                START + "\"artifacts\":{\"html\":{}}}",
                START + "\"artifacts\":{\"html\":\"x\"}}",
                START + "\"url\":\"u\"}}", // more than one value
                START + "\"url\":\"u\"} {}",
                START + "\"url\":\"u\",}",
                START + "'url':'u'}",
                START + "\"url\":\"u\" /* comment */}",
                START + "\"url\":\"\n\"}", // a control character that is not escaped
                START + "\"url\":\"\\ud83d\"}", // an unpaired surrogate
                START + "\"labels\":{\"\\ude00\":\"\"}}",
                "{\"captured_at\":\"2026-11-20T08:00:12.345678Z\",\"step_id\":\"t\"}", // ids and times
                "{\"captured_at\":\"2026-11-20T08:00:12.345678Z\",\"session_id\":\"s\"}",
                "{\"session_id\":\"s\",\"step_id\":\"t\"}",
                "{" + IDS + "\"captured_at\":1}",
                "{" + IDS + "\"captured_at\":\"2026-11-20T08:00:12Z\"}",
                "{" + IDS + "\"captured_at\":\"2026-02-31T08:00:12.345678Z\"}",
                "{" + IDS + "\"captured_at\":\"2016-12-31T23:59:60.000000Z\"}",
                "{" + IDS + "\"captured_at\":\"2026-11-20T24:00:00.000000Z\"}",
                "{" + IDS + "\"captured_at\":\"2026-11-20T08:00:12.345678+01:00\"}",
                "{" + IDS + "\"captured_at\":\"+1000000000-01-01T00:00:00.000000Z\"}",
                "{" + IDS + "\"captured_at\":\"２０２６-11-20T08:00:12.345678Z\"}",
            })
    void whatIsNoCommitRecordIsRefused(String json) {
        refused(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void artifactIsDescribedInFull() {
        assertThat(parse("\"content_type\":\"\",\"sha256\":\"" + SHA256 + "\",\"size\":0,\"later\":[1]")
                        .artifacts())
                .containsEntry("html", new ArtifactInfo("", 0, SHA256));
        for (String description : List.of(
                "\"sha256\":\"" + SHA256 + "\",\"size\":0",
                "\"content_type\":\"\",\"size\":0",
                "\"content_type\":\"\",\"sha256\":\"" + SHA256 + "\"",
                "\"content_type\":\"\",\"sha256\":\"" + SHA256 + "\",\"size\":-1",
                "\"content_type\":\"\",\"sha256\":\"" + SHA256 + "\",\"size\":0.5",
                "\"content_type\":\"\",\"sha256\":\"" + SHA256 + "0\",\"size\":0",
                "\"content_type\":\"\",\"sha256\":\"" + "F".repeat(64) + "\",\"size\":0",
                "\"content_type\":null,\"sha256\":\"" + SHA256 + "\",\"size\":0")) {
            assertThatThrownBy(() -> parse(description)).isExactlyInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void onlyUtf8IsRead() {
        String json = START + "\"url\":\"é\"}";

        assertThat(CommitRecord.parse(json.getBytes(StandardCharsets.UTF_8)).url())
                .contains("é");
        for (String charset : List.of("ISO-8859-1", "UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE")) {
            refused(json.getBytes(Charset.forName(charset)));
        }
        refused(("\ufeff" + json).getBytes(StandardCharsets.UTF_8));
        refused((START + "\"url\":\"x\"}").replace('x', (char) 0xC0).getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void surrogatesInUtf8AreRefused() {
        byte[] json = (START + "\"url\":\"xxx\"}").getBytes(StandardCharsets.UTF_8);
        int at = json.length - 5;
        json[at] = (byte) 0xED;
        json[at + 1] = (byte) 0xA0;
        json[at + 2] = (byte) 0x80;

        refused(json);
    }

    @Test
    void deepNestingIsRefusedNotFollowed() {
        for (int depth : List.of(100_000, 5_000_000)) {
            refused((START + "\"future\":" + "[".repeat(depth)).getBytes(StandardCharsets.UTF_8));
            refused((START + "\"future\":" + "[".repeat(depth) + "]".repeat(depth) + "}")
                    .getBytes(StandardCharsets.UTF_8));
            refused((START + "\"labels\":" + "{\"a\":".repeat(depth)).getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void hugeNumbersAreRefusedNotComputed() {
        String digits = "9".repeat(1_000_000);

        refused((START + "\"sequence\":" + digits + "}").getBytes(StandardCharsets.UTF_8));
        refused((START + "\"sequence\":1e" + digits + "}").getBytes(StandardCharsets.UTF_8));
        refused((START + "\"future\":" + digits + "}").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void textAsLargeAsACaptureIsReadBack() {
        CommitRecord record = CommitRecord.of(aStep().withAction("\"" + "x".repeat(30_000_000) + "\"")
                .withLabel("n".repeat(100_000), "v")
                .build());

        assertThat(CommitRecord.parse(record.toJson()).equals(record)).isTrue();
    }

    @Test
    void namesMadeToCollideAreRead() {
        // "Aa" and "BB" have one hash code, and so have all words of these syllables.
        StringBuilder labels = new StringBuilder();
        for (int i = 0; i < 4096; i++) {
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 12; bit++) {
                name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            labels.append(i == 0 ? "\"" : ",\"").append(name).append("\":\"\"");
        }

        CommitRecord record =
                CommitRecord.parse((START + "\"labels\":{" + labels + "}}").getBytes(StandardCharsets.UTF_8));

        assertThat(record.labels()).hasSize(4096);
    }

    private static CommitRecord parse(String artifact) {
        return CommitRecord.parse(
                (START + "\"artifacts\":{\"html\":{" + artifact + "}}}").getBytes(StandardCharsets.UTF_8));
    }

    private static void refused(byte[] json) {
        assertThatThrownBy(() -> CommitRecord.parse(json))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not a commit record");
    }

    private static void readOrRefused(byte[] json) {
        try {
            assertThat(CommitRecord.parse(json).toJson()).isNotEmpty();
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageStartingWith("not a commit record");
        }
    }
}

package io.stepvault.capture;

import static io.stepvault.capture.testing.StepBuilder.aStep;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.stepvault.capture.testing.StepBuilder;
import io.stepvault.event.Artifact;
import io.stepvault.event.StepCapture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CommitRecordTest {
    @Property
    void everyRecordIsReadBack(@ForAll StepCapture capture) {
        CommitRecord record = CommitRecord.of(capture);

        CommitRecord read = CommitRecord.parse(record.toJson());

        assertThat(read).isEqualTo(record);
        assertThat(read.toJson()).isEqualTo(record.toJson());
        assertThat(read.revision()).isEqualTo(record.revision());
    }

    @Property
    void keysAreSortedAtEveryLevel(@ForAll StepCapture capture) throws IOException {
        List<List<String>> open = new ArrayList<>();
        try (JsonParser json =
                new JsonFactory().createParser(CommitRecord.of(capture).toJson())) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    open.add(new ArrayList<>());
                } else if (token == JsonToken.FIELD_NAME) {
                    open.get(open.size() - 1).add(json.currentName());
                } else if (token == JsonToken.END_OBJECT) {
                    assertThat(open.remove(open.size() - 1)).isSorted().doesNotHaveDuplicates();
                }
            }
        }
    }

    @Property
    void orderInMapsDoesNotMatter(@ForAll StepCapture capture) {
        StepCapture turned = with(
                capture, reversed(capture.getAttachments()), reversed(capture.getLabels()), capture.getCapturedAt());

        assertThat(CommitRecord.of(turned).toJson())
                .isEqualTo(CommitRecord.of(capture).toJson());
    }

    @Property
    void nanosecondsDoNotMatter(@ForAll StepCapture capture, @ForAll @IntRange(min = 0, max = 999) int nanos) {
        StepCapture finer = with(
                capture,
                capture.getAttachments(),
                capture.getLabels(),
                capture.getCapturedAt().plusNanos(nanos));

        assertThat(CommitRecord.of(finer)).isEqualTo(CommitRecord.of(capture));
        assertThat(CommitRecord.of(finer).revision())
                .isEqualTo(CommitRecord.of(capture).revision());
    }

    @Property
    void fieldOfALaterVersionIsPassedOver(@ForAll StepCapture capture) {
        CommitRecord record = CommitRecord.of(capture);
        String json = text(record);
        String later = "{\"aaa\":{\"session_id\":[{\"url\":[]},null,1.5e400]}," + json.substring(1, json.length() - 1)
                + ",\"zzz\":9999999999999999999999}";

        assertThat(CommitRecord.parse(later.getBytes(StandardCharsets.UTF_8))).isEqualTo(record);
    }

    @Test
    void defaultsAreLeftOut() {
        assertThat(text(CommitRecord.of(aStep().build())))
                .isEqualTo("{\"captured_at\":\"2026-11-20T08:00:12.345678Z\","
                        + "\"session_id\":\"session-1\",\"step_id\":\"step-1\"}");
    }

    @Test
    void differenceInAnyOneFieldIsAnotherRevision() {
        byte[] data = {1, 2, 3};
        List<Consumer<StepBuilder>> changes = List.of(
                step -> {},
                step -> step.inSession("session-2"),
                step -> step.withId("step-2"),
                step -> step.capturedAt(StepBuilder.CAPTURED_AT.plusNanos(1000)),
                step -> step.withSequence(0),
                step -> step.withSequence(1),
                step -> step.withUrl(""),
                step -> step.withUrl("u"),
                step -> step.withHtml(""),
                step -> step.withHtml("\0"),
                step -> step.withHtml("u"),
                step -> step.withScreenshot(new byte[0]),
                step -> step.withScreenshot(data),
                step -> step.withAction(""),
                step -> step.withAction("{}"),
                step -> step.withAction("{ }"),
                step -> step.withAttachment("a", Artifacts.of("x", data)),
                step -> step.withAttachment("b", Artifacts.of("x", data)),
                step -> step.withAttachment("a", Artifacts.of("y", data)),
                step -> step.withAttachment("a", Artifacts.of("x", new byte[] {1, 2})),
                step -> step.withAttachment("html", Artifacts.html("u")),
                step -> step.withLabel("", ""),
                step -> step.withLabel("a", ""),
                step -> step.withLabel("a", "b"),
                step -> step.withLabel("b", "a"),
                step -> step.withLabel("\u00e9", "1"),
                step -> step.withLabel("e\u0301", "1"),
                StepBuilder::endingTheSession);

        Set<Revision> revisions = changes.stream()
                .map(change -> {
                    StepBuilder step = aStep();
                    change.accept(step);
                    return CommitRecord.of(step.build()).revision();
                })
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(revisions).hasSameSizeAs(changes);
    }

    @Test
    void textIsEscapedAsLittleAsJsonAllows() {
        for (char c = 0; c <= 0xFF; c++) {
            String expected =
                    switch (c) {
                        case '\b' -> "\\b";
                        case '\t' -> "\\t";
                        case '\n' -> "\\n";
                        case '\f' -> "\\f";
                        case '\r' -> "\\r";
                        case '"' -> "\\\"";
                        case '\\' -> "\\\\";
                        default -> c < 0x20 ? String.format(Locale.ROOT, "\\u%04x", (int) c) : String.valueOf(c);
                    };

            assertThat(text(CommitRecord.of(aStep().withUrl("" + c).build())))
                    .endsWith("\"url\":\"" + expected + "\"}");
        }
    }

    @Test
    void separatorsAndSupplementaryCharactersAreNotEscaped() {
        String odd = "\u007f\u2028\u2029\ufeff\ufffd\uffff/😀\u0301";

        CommitRecord record = CommitRecord.of(aStep().withLabel(odd, odd).build());

        assertThat(text(record)).contains("{\"" + odd + "\":\"" + odd + "\"}");
    }

    @Test
    void extremeSequencesAreWrittenInFull() {
        assertThat(text(CommitRecord.of(aStep().withSequence(Long.MAX_VALUE).build())))
                .contains("\"sequence\":9223372036854775807,");
        assertThat(text(CommitRecord.of(aStep().withSequence(Long.MIN_VALUE).build())))
                .contains("\"sequence\":-9223372036854775808,");
        assertThat(text(CommitRecord.of(aStep().withSequence((1L << 53) + 1).build())))
                .contains("\"sequence\":9007199254740993,");
    }

    @Test
    void unpairedSurrogatesAreRefusedWherever() {
        for (String broken : List.of("\ud83d", "\ude00", "a\ud83db", "\ude00\ud83d", "\ud83d\ud83d\ude00")) {
            for (StepBuilder step : List.of(
                    aStep().withUrl(broken),
                    aStep().withAction(broken),
                    aStep().inSession(broken),
                    aStep().withLabel(broken, ""),
                    aStep().withLabel("", broken),
                    aStep().withAttachment(broken, "x"),
                    aStep().withAttachment("a", Artifacts.of(broken, new byte[0])))) {
                CommitRecord record = CommitRecord.of(step.build());

                assertThatThrownBy(record::toJson).isExactlyInstanceOf(IllegalArgumentException.class);
            }
        }
    }

    @Test
    void artifactBufferIsNotMoved() {
        ByteBuffer part =
                ByteBuffer.wrap(new byte[] {9, 1, 2, 3, 9}, 1, 3).slice().asReadOnlyBuffer();

        ArtifactInfo info = ArtifactInfo.of(new Artifact("x", part));

        assertThat(info.size()).isEqualTo(3);
        assertThat(info).isEqualTo(ArtifactInfo.of(Artifacts.of("x", new byte[] {1, 2, 3})));
        assertThat(part.remaining()).isEqualTo(3);
    }

    @Test
    void recordDoesNotSeeLaterChangesOfItsMaps() {
        StepCapture capture = aStep().withLabel("a", "1").build();
        CommitRecord record = CommitRecord.of(capture);

        capture.getLabels().put("b", "2");

        assertThat(record.labels()).containsOnlyKeys("a");
    }

    @Test
    void timeOutsideTheRangeHasNoRevision() {
        CommitRecord record =
                CommitRecord.of(aStep().capturedAt(Instant.EPOCH.minusNanos(1)).build());

        assertThatThrownBy(record::revision).isExactlyInstanceOf(IllegalArgumentException.class);
    }

    private static String text(CommitRecord record) {
        return new String(record.toJson(), StandardCharsets.UTF_8);
    }

    private static <V> Map<String, V> reversed(Map<String, V> map) {
        List<String> keys = new ArrayList<>(map.keySet());
        Collections.reverse(keys);
        Map<String, V> reversed = new LinkedHashMap<>();
        keys.forEach(key -> reversed.put(key, map.get(key)));
        return reversed;
    }

    private static StepCapture with(
            StepCapture capture, Map<String, Artifact> attachments, Map<String, String> labels, Instant capturedAt) {
        return new StepCapture(
                capture.getSessionId(),
                capture.getStepId(),
                capturedAt,
                capture.getSequence().orElse(null),
                capture.getUrl().orElse(null),
                capture.getHtml().orElse(null),
                capture.getScreenshot().orElse(null),
                capture.getAction().orElse(null),
                attachments,
                labels,
                capture.getEndOfSession());
    }
}

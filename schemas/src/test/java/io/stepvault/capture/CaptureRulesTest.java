package io.stepvault.capture;

import static io.stepvault.capture.testing.StepBuilder.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.capture.Rejection.Reason;
import io.stepvault.capture.testing.StepBuilder;
import io.stepvault.event.StepCapture;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CaptureRulesTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final CaptureRules RULES = new CaptureRules(64L << 20, DAY);

    @Property
    void everyValidCaptureCanBeStored(@ForAll StepCapture capture) {
        assertThat(RULES.check(capture, capture.getCapturedAt())).isEmpty();
    }

    @Property
    void whatPassesTheRulesHasARevision(@ForAll StepCapture capture) {
        assertThat(CommitRecord.of(capture).revision().capturedAt()).isEqualTo(capture.getCapturedAt());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\ud800", "\udc00x"})
    void idsThatCannotBeKeysAreRejected(String id) {
        assertThat(reasonFor(aStep().inSession(id))).contains(Reason.INVALID_SESSION_ID);
        assertThat(reasonFor(aStep().withId(id))).contains(Reason.INVALID_STEP_ID);
        assertThat(reasonFor(aStep().withAttachment(id, "x"))).contains(Reason.INVALID_ATTACHMENT_NAME);
    }

    @Test
    void idsAreBoundedOnceEncoded() {
        assertThat(reasonFor(aStep().inSession("s".repeat(240))
                        .withId("/".repeat(80))
                        .withAttachment("😀".repeat(20), "x")))
                .isEmpty();
        assertThat(reasonFor(aStep().inSession("s".repeat(241)))).contains(Reason.INVALID_SESSION_ID);
        assertThat(reasonFor(aStep().withId("/".repeat(80) + "s"))).contains(Reason.INVALID_STEP_ID);
        assertThat(reasonFor(aStep().withAttachment("😀".repeat(20) + "s", "x")))
                .contains(Reason.INVALID_ATTACHMENT_NAME);
    }

    @Test
    void sixtyFourAttachmentsAreTheMost() {
        StepBuilder step = aStep();
        for (int i = 0; i < 64; i++) {
            step.withAttachment("attachment-" + i, "");
        }
        assertThat(reasonFor(step)).isEmpty();

        step.withAttachment("one more", "");

        assertThat(reasonFor(step)).contains(Reason.TOO_MANY_ATTACHMENTS);
    }

    @Test
    void captureTimeLiesIn1970To9999() {
        assertThat(reasonAt(Revision.EARLIEST, Revision.EARLIEST)).isEmpty();
        assertThat(reasonAt(Revision.LATEST, Revision.LATEST)).isEmpty();
        assertThat(reasonAt(Revision.LATEST.plusNanos(999), Revision.LATEST)).isEmpty();
        for (Instant time :
                List.of(Revision.EARLIEST.minusNanos(1), Revision.LATEST.plusNanos(1000), Instant.MIN, Instant.MAX)) {
            assertThat(reasonAt(time, Revision.LATEST)).contains(Reason.CAPTURE_TIME_OUT_OF_RANGE);
        }
    }

    @Test
    void captureTimeMayLieAfterTheRecordsByTheSkewAndNoMore() {
        Instant record = Instant.parse("2026-11-20T08:00:00Z");

        assertThat(reasonAt(record.plus(DAY), record)).isEmpty();
        assertThat(reasonAt(record.plus(DAY).plusNanos(999), record)).isEmpty();
        assertThat(reasonAt(record.plus(DAY).plusNanos(1000), record)).contains(Reason.CAPTURE_TIME_IN_FUTURE);
        assertThat(reasonAt(Revision.EARLIEST, record)).isEmpty();
    }

    @Test
    void everythingWithoutABoundOfItsOwnCountsAgainstTheSize() {
        StepBuilder step = aStep().withHtml("1234")
                .withScreenshot(new byte[5])
                .withAttachment("a", Artifacts.of("x/y", new byte[6]))
                .withAction("[1]")
                .withUrl("u")
                .withLabel("ab", "c");
        int bytes = "text/html; charset=utf-8".length() + 4 + "image/png".length() + 5 + 3 + 6 + 3 + 1 + 3;

        assertThat(CaptureRules.bytesOf(step.build())).isEqualTo(bytes);
        assertThat(new CaptureRules(bytes, DAY).check(step.build(), StepBuilder.CAPTURED_AT))
                .isEmpty();
        assertThat(new CaptureRules(bytes - 1, DAY).check(step.build(), StepBuilder.CAPTURED_AT))
                .map(Rejection::reason)
                .contains(Reason.TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", " [] ", "null", "-0", "1E400", "\"\\ud800\"", "{\"a\":1,\"a\":2}", "{\"type\":\"click\"}\n"
            })
    void oneJsonValueIsAnAction(String action) {
        assertThat(reasonFor(aStep().withAction(action))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "[1",
                "{}{}",
                "{} x",
                "nul",
                "'a'",
                "{a:1}",
                "[1,]",
                "01",
                "+1",
                "NaN",
                "\"\n\"",
                "\"\\x\"",
                "// comment\n{}",
                "\ufeff{}"
            })
    void otherTextIsNone(String action) {
        assertThat(reasonFor(aStep().withAction(action))).contains(Reason.INVALID_ACTION);
    }

    @Test
    void actionMayNestAThousandDeep() {
        assertThat(reasonFor(aStep().withAction("[".repeat(1000) + "]".repeat(1000))))
                .isEmpty();
        assertThat(reasonFor(aStep().withAction("[".repeat(1001) + "]".repeat(1001))))
                .contains(Reason.INVALID_ACTION);
        assertThat(reasonFor(aStep().withAction("{\"a\":".repeat(2_000_000)))).contains(Reason.INVALID_ACTION);
    }

    @Test
    void hugeActionsAreReadWithoutBeingBuilt() {
        String digits = "9".repeat(10_000_000);
        assertThat(reasonFor(aStep().withAction("[" + digits + ",1e" + digits + "]")))
                .isEmpty();
        assertThat(reasonFor(aStep().withAction("{\"" + digits + "\":\"" + digits + "\"}")))
                .isEmpty();

        StringBuilder names = new StringBuilder("{");
        for (int i = 0; i < 300_000; i++) {
            names.append('"').append(Integer.toString(i, 36)).append("\":0,");
        }
        assertThat(reasonFor(aStep().withAction(names.append("\"\":0}").toString())))
                .isEmpty();
    }

    @Test
    void rejectionSaysWhatToDoAndQuotesNothing() {
        Optional<Rejection> rejection = RULES.check(aStep().withAction("secret").build(), StepBuilder.CAPTURED_AT);

        assertThat(rejection)
                .contains(new Rejection(Reason.INVALID_ACTION, "action is not JSON of at most 1000 levels"));
    }

    @Test
    void reasonCodesAreFixed() {
        assertThat(Arrays.stream(Reason.values()).map(Reason::code))
                .contains(
                        "null-value",
                        "undecodable",
                        "trailing-bytes",
                        "unknown-schema",
                        "invalid-session-id",
                        "invalid-step-id",
                        "invalid-attachment-name",
                        "too-many-attachments",
                        "capture-time-out-of-range",
                        "capture-time-in-future",
                        "invalid-action",
                        "too-large")
                .doesNotHaveDuplicates()
                .allMatch(code -> code.matches("[a-z-]+"));
    }

    private static Optional<Reason> reasonFor(StepBuilder step) {
        return RULES.check(step.build(), StepBuilder.CAPTURED_AT).map(Rejection::reason);
    }

    private static Optional<Reason> reasonAt(Instant capturedAt, Instant recordTime) {
        return RULES.check(aStep().capturedAt(capturedAt).build(), recordTime).map(Rejection::reason);
    }
}

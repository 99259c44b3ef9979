package io.stepvault.producer;

import static io.stepvault.producer.CaptureBuilder.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.event.StepCapture;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is told of captures that could not be redacted. The rest is in {@link StepPublisherContract}. */
class RedactionTest {
    private static final StepCapture CAPTURE = aStep().numbered(3).build();

    @Test
    void whatTheHookThrewIsNamedWithItsPlaceAndWithoutItsMessage() {
        String detail = detail(capture -> {
            throw new IllegalStateException("password=hunter2");
        });

        assertThat(detail)
                .contains("java.lang.IllegalStateException")
                .contains("RedactionTest.java:")
                .doesNotContain("hunter2");
    }

    @Test
    void whatTheHookReturnedIsHeldToTheRules() {
        assertThat(detail(capture -> Optional.of(aStep().step("").numbered(3).build())))
                .contains("step id is empty");
        assertThat(detail(capture -> Optional.of(new StepCapture()))).contains("a required field is missing");
        assertThat(detail(capture -> Optional.of(aStep().build()))).contains("sequence number");
    }

    @Test
    void theStepMayBeGivenAnotherId() {
        StepCapture renamed = aStep().step("renamed").numbered(3).build();

        assertThat(redact(capture -> Optional.of(renamed))).isEqualTo(new Redaction.Result.Kept(renamed));
    }

    private static String detail(Redactor redactor) {
        Redaction.Result.Dropped dropped = (Redaction.Result.Dropped) redact(redactor);
        assertThat(dropped.reason()).isEqualTo(DropReason.REDACTION_FAILED);
        return dropped.detail();
    }

    private static Redaction.Result redact(Redactor redactor) {
        return new Redaction(redactor, new CaptureCheck(1 << 20, new ManualClock())).redact(CAPTURE);
    }
}

package io.stepvault.storage;

import io.stepvault.capture.Artifacts;
import io.stepvault.event.Artifact;
import io.stepvault.event.StepCapture;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Makes captures for tests: {@code aStep().inSession("s").at(time).html("<p>").build()}. */
final class Captures {
    static final Instant NOON = Instant.parse("2026-11-20T12:00:00.123456Z");

    private final StepCapture.Builder builder =
            StepCapture.newBuilder().setSessionId("session").setStepId("step").setCapturedAt(NOON);
    private final Map<String, Artifact> attachments = new HashMap<>();
    private final Map<String, String> labels = new HashMap<>();

    private Captures() {}

    static Captures aStep() {
        return new Captures();
    }

    Captures inSession(String id) {
        builder.setSessionId(id);
        return this;
    }

    Captures called(String id) {
        builder.setStepId(id);
        return this;
    }

    Captures at(Instant time) {
        builder.setCapturedAt(time);
        return this;
    }

    Captures html(String page) {
        builder.setHtml(Artifacts.html(page));
        return this;
    }

    Captures screenshot(String contentType, byte[] picture) {
        builder.setScreenshot(Artifacts.of(contentType, picture));
        return this;
    }

    Captures action(String json) {
        builder.setAction(json);
        return this;
    }

    Captures attachment(String name, byte[] bytes) {
        attachments.put(name, Artifacts.of("application/json", bytes));
        return this;
    }

    Captures numbered(long sequence) {
        builder.setSequence(sequence);
        return this;
    }

    Captures ending() {
        builder.setEndOfSession(true);
        return this;
    }

    Captures label(String name, String value) {
        labels.put(name, value);
        return this;
    }

    StepCapture build() {
        return builder.setAttachments(attachments).setLabels(labels).build();
    }
}

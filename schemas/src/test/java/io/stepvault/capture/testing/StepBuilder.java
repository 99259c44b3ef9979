package io.stepvault.capture.testing;

import io.stepvault.capture.Artifacts;
import io.stepvault.event.Artifact;
import io.stepvault.event.StepCapture;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Describes a capture: {@code aStep().inSession("s1").withId("2").withHtml("<p>").build()}. For one thread. */
public final class StepBuilder {
    /** When a step is captured unless a test says otherwise. */
    public static final Instant CAPTURED_AT = Instant.parse("2026-11-20T08:00:12.345678Z");

    private String sessionId = "session-1";
    private String stepId = "step-1";
    private Instant capturedAt = CAPTURED_AT;
    private @Nullable Long sequence;
    private @Nullable String url;
    private @Nullable Artifact html;
    private @Nullable Artifact screenshot;
    private @Nullable String action;
    private final Map<String, Artifact> attachments = new HashMap<>();
    private final Map<String, String> labels = new HashMap<>();
    private boolean endOfSession;

    private StepBuilder() {}

    /** A step with ids and a time, and nothing else. */
    public static StepBuilder aStep() {
        return new StepBuilder();
    }

    /** Sets the session id. */
    public StepBuilder inSession(String id) {
        sessionId = id;
        return this;
    }

    /** Sets the step id. */
    public StepBuilder withId(String id) {
        stepId = id;
        return this;
    }

    /** Sets the capture time. */
    public StepBuilder capturedAt(Instant time) {
        capturedAt = time;
        return this;
    }

    /** Sets the sequence. */
    public StepBuilder withSequence(long position) {
        sequence = position;
        return this;
    }

    /** Sets the page's address. */
    public StepBuilder withUrl(String address) {
        url = address;
        return this;
    }

    /** Sets the page. */
    public StepBuilder withHtml(String page) {
        html = Artifacts.html(page);
        return this;
    }

    /** Sets the picture. It need not be a picture. */
    public StepBuilder withScreenshot(byte[] picture) {
        screenshot = Artifacts.png(picture);
        return this;
    }

    /** Sets the action. It need not be JSON. */
    public StepBuilder withAction(String json) {
        action = json;
        return this;
    }

    /** Adds an attachment. */
    public StepBuilder withAttachment(String name, Artifact artifact) {
        attachments.put(name, artifact);
        return this;
    }

    /** Adds an attachment of plain text. */
    public StepBuilder withAttachment(String name, String text) {
        return withAttachment(name, Artifacts.of("text/plain", text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Adds a label. */
    public StepBuilder withLabel(String name, String value) {
        labels.put(name, value);
        return this;
    }

    /** Makes it the session's last step. */
    public StepBuilder endingTheSession() {
        endOfSession = true;
        return this;
    }

    /** The capture. */
    public StepCapture build() {
        return new StepCapture(
                sessionId,
                stepId,
                capturedAt,
                sequence,
                url,
                html,
                screenshot,
                action,
                new HashMap<>(attachments),
                new HashMap<>(labels),
                endOfSession);
    }
}

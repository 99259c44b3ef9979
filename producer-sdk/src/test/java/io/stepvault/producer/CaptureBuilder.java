package io.stepvault.producer;

import io.stepvault.capture.Artifacts;
import io.stepvault.event.Artifact;
import io.stepvault.event.StepCapture;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds captures for tests. */
public final class CaptureBuilder {
    public static final Instant CAPTURED_AT = Instant.parse("2026-11-20T08:00:12.345678Z");

    private final Map<String, Artifact> attachments = new HashMap<>();
    private final Map<String, String> labels = new HashMap<>();
    private @Nullable String session = "s1";
    private @Nullable String step = "step-1";
    private @Nullable Long sequence;
    private @Nullable Artifact html;
    private @Nullable String action;
    private @Nullable String url;
    private boolean endOfSession;

    public static CaptureBuilder aStep() {
        return new CaptureBuilder();
    }

    public CaptureBuilder inSession(@Nullable String session) {
        this.session = session;
        return this;
    }

    public CaptureBuilder step(@Nullable String step) {
        this.step = step;
        return this;
    }

    public CaptureBuilder numbered(long sequence) {
        this.sequence = sequence;
        return this;
    }

    public CaptureBuilder withHtml(String page) {
        this.html = Artifacts.html(page);
        return this;
    }

    public CaptureBuilder withHtmlOf(int bytes) {
        this.html = Artifacts.of("text/html", new byte[bytes]);
        return this;
    }

    public CaptureBuilder withAttachment(String name, byte[] bytes) {
        attachments.put(name, Artifacts.of("application/octet-stream", bytes));
        return this;
    }

    public CaptureBuilder withLabel(String name, String value) {
        labels.put(name, value);
        return this;
    }

    public CaptureBuilder withUrl(String url) {
        this.url = url;
        return this;
    }

    public CaptureBuilder withAction(String json) {
        this.action = json;
        return this;
    }

    public CaptureBuilder endingItsSession() {
        this.endOfSession = true;
        return this;
    }

    @SuppressWarnings("NullAway") // the generated constructor takes null for what is not given, and tests try more
    public StepCapture build() {
        return new StepCapture(
                session, step, CAPTURED_AT, sequence, url, html, null, action, attachments, labels, endOfSession);
    }
}

package io.stepvault.golden;

import io.stepvault.capture.Artifacts;
import io.stepvault.capture.testing.StepBuilder;
import io.stepvault.event.Artifact;
import io.stepvault.event.StepCapture;
import io.stepvault.golden.GoldenFile.Case;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the description of a capture in a golden file. */
final class GoldenCapture {
    private GoldenCapture() {}

    @SuppressWarnings("unchecked") // the shape is the files' README's; another one fails the test
    static StepCapture of(GoldenFile file) {
        Map<String, Object> fields = (Map<String, Object>) GoldenFile.present(file.content(), "capture");
        StepCapture ids = StepBuilder.aStep()
                .inSession((String) GoldenFile.present(fields, "session_id"))
                .withId((String) GoldenFile.present(fields, "step_id"))
                .capturedAt(Instant.parse((String) GoldenFile.present(fields, "captured_at")))
                .build();
        Map<String, Artifact> attachments = new HashMap<>();
        ((Map<String, Object>) fields.getOrDefault("attachments", Map.of()))
                .forEach((name, artifact) -> attachments.put(name, artifact(artifact)));
        return new StepCapture(
                ids.getSessionId(),
                ids.getStepId(),
                ids.getCapturedAt(),
                (Long) fields.get("sequence"),
                (String) fields.get("url"),
                artifact(fields.get("html")),
                artifact(fields.get("screenshot")),
                (String) fields.get("action"),
                attachments,
                (Map<String, String>) fields.getOrDefault("labels", Map.of()),
                (Boolean) fields.getOrDefault("end_of_session", false));
    }

    private static @Nullable Artifact artifact(@Nullable Object description) {
        if (description == null) {
            return null;
        }
        Case fields = new Case((Map<?, ?>) description);
        byte[] data = fields.fields().containsKey("text")
                ? fields.get("text").getBytes(StandardCharsets.UTF_8)
                : Base64.getDecoder().decode(fields.get("base64"));
        return Artifacts.of(fields.get("content_type"), data);
    }
}

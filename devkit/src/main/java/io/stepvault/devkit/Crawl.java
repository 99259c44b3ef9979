package io.stepvault.devkit;

import io.stepvault.capture.CaptureRules;
import io.stepvault.devkit.readback.StepRevision;
import io.stepvault.event.StepCapture;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a crawler captured: steps in the order in which they are published, by the revision that each becomes. Immutable,
 * though nothing keeps the captures' bytes from being written to; safe for any thread.
 */
final class Crawl {
    private final Map<StepRevision, StepCapture> captures;

    private Crawl(Map<StepRevision, StepCapture> captures) {
        this.captures = captures;
    }

    /** The crawl of these captures. Each brings its sequence number, since that is part of its revision. */
    static Crawl of(List<StepCapture> captures) {
        Map<StepRevision, StepCapture> byRevision = new LinkedHashMap<>();
        captures.forEach(capture -> byRevision.put(StepRevision.of(capture), capture));
        return new Crawl(byRevision);
    }

    Map<StepRevision, StepCapture> byRevision() {
        return captures;
    }

    Collection<StepCapture> captures() {
        return captures.values();
    }

    /** In the order of publishing. */
    List<String> sessions() {
        return captures.keySet().stream()
                .map(StepRevision::sessionId)
                .distinct()
                .toList();
    }

    /** The bytes of all artifacts. */
    long bytes() {
        return captures.values().stream().mapToLong(CaptureRules::bytesOf).sum();
    }
}

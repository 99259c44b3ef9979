package io.stepvault.capture;

import io.stepvault.event.Artifact;
import io.stepvault.event.StepCapture;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/** How the artifacts of a step are named in the commit record, in completions and by readers. */
public final class ArtifactName {
    /** The page's HTML. */
    public static final String HTML = "html";

    /** The picture of the page. */
    public static final String SCREENSHOT = "screenshot";

    /** What an attachment's own name follows. */
    public static final String ATTACHMENT_PREFIX = "attachments/";

    private ArtifactName() {}

    /** The artifact name of the attachment {@code name}. */
    public static String ofAttachment(String name) {
        return ATTACHMENT_PREFIX + name;
    }

    /** The artifacts of a capture by artifact name, in text order. */
    public static SortedMap<String, Artifact> artifactsOf(StepCapture capture) {
        SortedMap<String, Artifact> artifacts = new TreeMap<>();
        capture.getHtml().ifPresent(html -> artifacts.put(HTML, html));
        capture.getScreenshot().ifPresent(screenshot -> artifacts.put(SCREENSHOT, screenshot));
        capture.getAttachments().forEach((name, artifact) -> artifacts.put(ofAttachment(name), artifact));
        return Collections.unmodifiableSortedMap(artifacts);
    }
}

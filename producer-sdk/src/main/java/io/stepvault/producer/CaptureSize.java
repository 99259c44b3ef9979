package io.stepvault.producer;

import io.stepvault.event.Artifact;
import io.stepvault.event.StepCapture;
import java.util.Map;
import java.util.Optional;

/**
 * The size of a capture in Avro's single-object encoding, worked out without encoding it, so that {@code publish} can
 * weigh a capture within a microsecond or two. Exact, but for the sequence number, which is counted at its largest:
 * it is given later.
 */
final class CaptureSize {
    private static final int HEADER_BYTES = 10;
    private static final int UNION_BRANCH_BYTES = 1;
    private static final int LARGEST_LONG_BYTES = 10;
    private static final int MAP_END_BYTES = 1;
    private static final int BOOLEAN_BYTES = 1;

    private CaptureSize() {}

    /**
     * The capture's size in bytes.
     *
     * @throws IllegalArgumentException if a text is not valid Unicode, so that it cannot be encoded
     */
    static long of(StepCapture capture) {
        return HEADER_BYTES
                + text(capture.getSessionId())
                + text(capture.getStepId())
                + LARGEST_LONG_BYTES
                + UNION_BRANCH_BYTES
                + LARGEST_LONG_BYTES
                + optionalText(capture.getUrl())
                + optionalArtifact(capture.getHtml())
                + optionalArtifact(capture.getScreenshot())
                + optionalText(capture.getAction())
                + attachments(capture.getAttachments())
                + labels(capture.getLabels())
                + BOOLEAN_BYTES;
    }

    private static long attachments(Map<String, Artifact> attachments) {
        long bytes = mapOverhead(attachments);
        for (Map.Entry<String, Artifact> attachment : attachments.entrySet()) {
            bytes += text(attachment.getKey()) + artifact(attachment.getValue());
        }
        return bytes;
    }

    private static long labels(Map<String, String> labels) {
        long bytes = mapOverhead(labels);
        for (Map.Entry<String, String> label : labels.entrySet()) {
            bytes += text(label.getKey()) + text(label.getValue());
        }
        return bytes;
    }

    private static int mapOverhead(Map<?, ?> map) {
        return (map.isEmpty() ? 0 : length(map.size())) + MAP_END_BYTES;
    }

    private static long optionalArtifact(Optional<Artifact> artifact) {
        return UNION_BRANCH_BYTES + (artifact.isPresent() ? artifact(artifact.get()) : 0);
    }

    private static long artifact(Artifact artifact) {
        int bytes = artifact.getData().remaining();
        return text(artifact.getContentType()) + length(bytes) + bytes;
    }

    private static long optionalText(Optional<String> text) {
        return UNION_BRANCH_BYTES + (text.isPresent() ? text(text.get()) : 0);
    }

    private static long text(String text) {
        long utf8 = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                utf8 += 1;
            } else if (c < 0x800) {
                utf8 += 2;
            } else if (!Character.isSurrogate(c)) {
                utf8 += 3;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                utf8 += 4;
                i++;
            } else {
                throw new IllegalArgumentException("a text is not valid Unicode: it holds an unpaired surrogate");
            }
        }
        return length(utf8) + utf8;
    }

    /** Bytes of a length or count of at least zero as Avro's zig-zag variable-length number. */
    private static int length(long count) {
        int bytes = 1;
        for (long rest = count << 1 >>> 7; rest != 0; rest >>>= 7) {
            bytes++;
        }
        return bytes;
    }
}

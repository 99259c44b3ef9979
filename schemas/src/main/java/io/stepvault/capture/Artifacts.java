package io.stepvault.capture;

import io.stepvault.event.Artifact;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Makes artifacts from what a crawler has in hand. The arrays are not copied: don't change them afterwards. */
public final class Artifacts {
    static {
        EventTrust.establish();
    }

    private Artifacts() {}

    /** A page's HTML, stored as UTF-8. */
    public static Artifact html(String page) {
        return of("text/html; charset=utf-8", page.getBytes(StandardCharsets.UTF_8));
    }

    /** A PNG picture. */
    public static Artifact png(byte[] picture) {
        return of("image/png", picture);
    }

    /** Any bytes, with their media type. */
    public static Artifact of(String contentType, byte[] data) {
        return new Artifact(contentType, ByteBuffer.wrap(data));
    }
}

package io.stepvault.storage;

import io.stepvault.storage.object.PutRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Objects that somebody writes over those of a step. */
final class Overwritten {
    private Overwritten() {}

    /** Another object at the place {@code name} of a revision, in a store without a prefix. */
    static PutRequest by(StoreOutcome.Stored step, String name, String content) {
        String key = new ObjectsLayout("")
                        .revision(step.record().sessionId(), step.record().stepId(), step.revision())
                + name;
        return new PutRequest(key, "text/html", ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)), Map.of());
    }
}

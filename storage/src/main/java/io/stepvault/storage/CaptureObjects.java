package io.stepvault.storage;

import io.stepvault.event.StepCapture;
import io.stepvault.storage.object.PutRequest;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The objects that a capture becomes in a store without a prefix and without compression: for those who show captures
 * from elsewhere as if they were stored.
 */
public final class CaptureObjects {
    private static final Preparation PREPARATION =
            new Preparation(new ObjectsLayout(""), Compression.NONE, key -> URI.create("/" + key));

    private CaptureObjects() {}

    /**
     * Its day marker, its artifacts and its commit record, which is the last. Hashes the artifacts; copies nothing.
     *
     * @throws IllegalArgumentException if it can never be stored
     */
    public static List<PutRequest> of(StepCapture capture) {
        PreparedStep step = PreparedStep.of(new StepToStore(capture), PREPARATION);
        List<PutRequest> objects = new ArrayList<>();
        objects.add(new PutRequest(step.dayMarker(), "application/octet-stream", ByteBuffer.allocate(0), Map.of()));
        objects.addAll(step.artifacts());
        objects.add(step.commit());
        return objects;
    }
}

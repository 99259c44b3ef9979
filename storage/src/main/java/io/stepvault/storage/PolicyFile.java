package io.stepvault.storage;

import io.stepvault.storage.object.ObjectCorruptException;
import io.stepvault.storage.object.ObjectNotFoundException;
import io.stepvault.storage.object.ObjectStore;
import io.stepvault.storage.object.PutRequest;
import io.stepvault.storage.object.TransientStoreException;
import io.stepvault.storage.retry.BlockingRetry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/** The store's {@code policy.json}. Calls block. Safe for any thread. */
final class PolicyFile {
    private static final int MAX_BYTES = 1 << 20;

    private final ObjectStore objects;
    private final ObjectsLayout layout;
    private final BlockingRetry retry;

    PolicyFile(ObjectStore objects, ObjectsLayout layout, BlockingRetry retry) {
        this.objects = objects;
        this.layout = layout;
        this.retry = retry;
    }

    /**
     * The policy; empty if there is none.
     *
     * @throws ObjectCorruptException if it is not understood to its end
     */
    Optional<LifecyclePolicy> read() {
        byte[] json;
        try {
            json = retry.call(this::bytes);
        } catch (ObjectNotFoundException e) {
            return Optional.empty();
        }
        try {
            return Optional.of(LifecyclePolicy.parse(json));
        } catch (IllegalArgumentException e) {
            throw new ObjectCorruptException(
                    store(), layout.policy(), e.getMessage() + "; nothing is removed until it is mended", e);
        }
    }

    /** What to put to make {@code policy} the store's. */
    PutRequest put(LifecyclePolicy policy) {
        return new PutRequest(layout.policy(), "application/json", ByteBuffer.wrap(policy.toJson()), Map.of());
    }

    private byte[] bytes() {
        try (InputStream stream = objects.get(layout.policy())) {
            byte[] json = stream.readNBytes(MAX_BYTES + 1);
            if (json.length > MAX_BYTES) {
                throw new ObjectCorruptException(store(), layout.policy(), "this is no policy: it is too large", null);
            }
            return json;
        } catch (IOException e) {
            throw new TransientStoreException(store(), layout.policy(), "reading broke off; try again", e);
        }
    }

    private String store() {
        return objects.location().toString();
    }
}

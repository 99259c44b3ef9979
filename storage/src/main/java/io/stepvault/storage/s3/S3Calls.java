package io.stepvault.storage.s3;

import io.stepvault.storage.object.StoreException;
import java.util.function.Function;
import software.amazon.awssdk.services.s3.S3Client;

/** Makes a call of a store, and classifies its failure. Safe for any thread. */
@FunctionalInterface
interface S3Calls {
    /**
     * Makes one call.
     *
     * @param key what it is about, for messages
     * @throws StoreException if it fails
     */
    <T> T call(String key, Function<S3Client, T> call);
}

package io.stepvault.storage.s3;

import io.stepvault.storage.object.ObjectLookup;
import io.stepvault.storage.object.ObjectWriter;

/** All that a worker asks of S3 while it stores: one of the two write paths. */
interface S3Writer extends ObjectWriter, ObjectLookup, AutoCloseable {
    /** What is under way may fail. */
    @Override
    void close();
}

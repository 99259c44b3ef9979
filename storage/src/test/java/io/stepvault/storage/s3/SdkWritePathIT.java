package io.stepvault.storage.s3;

/** The same store with puts through the SDK. */
class SdkWritePathIT extends S3ObjectStoreIT {
    @Override
    S3Options.WritePath writePath() {
        return S3Options.WritePath.SDK;
    }
}

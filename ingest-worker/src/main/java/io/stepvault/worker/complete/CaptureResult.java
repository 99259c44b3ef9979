package io.stepvault.worker.complete;

import io.stepvault.capture.Rejection;
import io.stepvault.storage.StoreOutcome;

/** What became of a capture in the end. */
public sealed interface CaptureResult {
    /** It is stored and readable. */
    record Stored(StoreOutcome.Stored step) implements CaptureResult {}

    /** It can never be stored, and goes to the dead-letter topic. */
    record Refused(Rejection rejection) implements CaptureResult {}

    /** Its session has been deleted: nothing of it is stored, and nobody is told of it. */
    record SessionDeleted() implements CaptureResult {}

    /** The store's policy would remove it at once: it is not stored, and nobody is told of it. */
    record NotKept() implements CaptureResult {}
}

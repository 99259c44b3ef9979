package io.stepvault.wire;

import io.stepvault.capture.Rejection;
import io.stepvault.event.StepCapture;

/** What came of decoding a record. */
public sealed interface DecodeResult {
    /** The record holds this capture. */
    record Decoded(StepCapture capture) implements DecodeResult {}

    /** The record can never be decoded. */
    record Undecodable(Rejection rejection) implements DecodeResult {}

    /**
     * The record cannot be decoded now: the schema registry does not answer. It must be tried again, not given up.
     *
     * @param why one sentence for an operator
     */
    record Unavailable(String why) implements DecodeResult {}
}

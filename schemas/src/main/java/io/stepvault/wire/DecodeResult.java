package io.stepvault.wire;

import io.stepvault.capture.Rejection;
import io.stepvault.event.StepCapture;

/**
 * What came of decoding a record. A registry that does not answer will be a third case: it must be tried again, so whoever
 * takes this apart must not take two cases for all there can be.
 */
public sealed interface DecodeResult {
    /** The record holds this capture. */
    record Decoded(StepCapture capture) implements DecodeResult {}

    /** The record can never be decoded. */
    record Undecodable(Rejection rejection) implements DecodeResult {}
}

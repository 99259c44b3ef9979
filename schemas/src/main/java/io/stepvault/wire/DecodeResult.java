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
     * The schema that the record names is not known yet: {@link WriterSchemas#fetch} it and try again. Says nothing
     * against the record.
     *
     * @param schemaId its id in the registry
     * @param why one sentence for an operator
     */
    record NotYet(int schemaId, String why) implements DecodeResult {}
}

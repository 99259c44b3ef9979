package io.stepvault.capture;

/**
 * Why a record can never be stored. Such a record is a dead letter.
 *
 * @param reason what kind of mistake it is
 * @param detail one sentence for a person: what was found and what was expected; never the payload
 */
public record Rejection(Reason reason, String detail) {
    /** The kinds of mistake. {@link #code} is what metrics, logs and dead-letter headers carry. */
    public enum Reason {
        /** The record has no value. */
        NULL_VALUE("null-value"),
        /** The bytes are in none of the wire formats, or break off, or break the schema. */
        UNDECODABLE("undecodable"),
        /** A whole event was read and bytes are left over. */
        TRAILING_BYTES("trailing-bytes"),
        /** The schema that the record names is not known here. */
        UNKNOWN_SCHEMA("unknown-schema"),
        /** The session id is empty, too long or not Unicode. */
        INVALID_SESSION_ID("invalid-session-id"),
        /** The step id is empty, too long or not Unicode. */
        INVALID_STEP_ID("invalid-step-id"),
        /** An attachment's name is empty, too long or not Unicode. */
        INVALID_ATTACHMENT_NAME("invalid-attachment-name"),
        /** There are more attachments than allowed. */
        TOO_MANY_ATTACHMENTS("too-many-attachments"),
        /** The capture time is outside 1970 to 9999. */
        CAPTURE_TIME_OUT_OF_RANGE("capture-time-out-of-range"),
        /** The capture time is too far after the time of the record. */
        CAPTURE_TIME_IN_FUTURE("capture-time-in-future"),
        /** The action is not JSON. */
        INVALID_ACTION("invalid-action"),
        /** The capture is larger than allowed. */
        TOO_LARGE("too-large"),
        /** The headers that make a record a chunk are missing in part, break their format or contradict each other. */
        INVALID_CHUNK("invalid-chunk"),
        /** The rest of the chunks did not come. */
        INCOMPLETE_CHUNKS("incomplete-chunks"),
        /** All chunks came, but what they make up is not what was announced. */
        CORRUPT_CHUNKS("corrupt-chunks"),
        /** The store refuses an object of the capture for good, while it takes others. */
        REFUSED_BY_STORE("refused-by-store"),
        /** The capture could not be stored for too long, while the store took others. */
        STORE_GAVE_UP("not-stored-in-time");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        /** The stable name of this reason. */
        public String code() {
            return code;
        }
    }
}

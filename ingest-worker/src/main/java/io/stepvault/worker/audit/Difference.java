package io.stepvault.worker.audit;

/**
 * How what is stored differs from the capture.
 *
 * @param object the name of the object, such as {@code page.html}
 * @param detail for people
 */
public record Difference(Kind kind, String object, String detail) {
    /** What differs. */
    public enum Kind {
        /** {@code step.json} is not the capture's. */
        COMMIT_RECORD("commit-record"),
        /** The artifact is not there. */
        ARTIFACT_MISSING("artifact-missing"),
        /** Its size is not the capture's. */
        SIZE("size"),
        /** Its bytes are not the capture's. */
        CONTENT("content");

        private final String code;

        Kind(String code) {
            this.code = code;
        }

        /** For programs. */
        public String code() {
            return code;
        }
    }

    @Override
    public String toString() {
        return object + ": " + detail;
    }
}

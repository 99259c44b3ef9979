package io.stepvault.embedded.front;

import java.time.Duration;

/** What goes wrong with a request. Immutable; safe for any thread. */
public sealed interface S3Fault {
    /** The server is at fault. */
    S3Fault INTERNAL_ERROR = new ErrorAnswer(500, "InternalError");

    /** The client is to ask less often. */
    S3Fault SLOW_DOWN = new ErrorAnswer(503, "SlowDown");

    /** Credentials or rights are not what they should be. */
    S3Fault ACCESS_DENIED = new ErrorAnswer(403, "AccessDenied");

    /** Somebody has removed the bucket. */
    S3Fault NO_SUCH_BUCKET = new ErrorAnswer(404, "NoSuchBucket");

    /** What it is called in a report. */
    String label();

    /**
     * The request is not passed on, but answered with an error of S3's.
     *
     * @param status of HTTP
     * @param code as in S3's API reference, "Error responses"
     */
    record ErrorAnswer(int status, String code) implements S3Fault {
        @Override
        public String label() {
            return status + " " + code;
        }
    }

    /** The request is passed on after so long. */
    record Latency(Duration delay) implements S3Fault {
        @Override
        public String label() {
            return "latency";
        }
    }

    /** All connections that this befalls share a line of so many bytes a second, both ways together. */
    record Bandwidth(int bytesPerSecond) implements S3Fault {
        /** Checks the bound. */
        public Bandwidth {
            if (bytesPerSecond < 1) {
                throw new IllegalArgumentException("a line takes at least 1 byte a second, not " + bytesPerSecond);
            }
        }

        @Override
        public String label() {
            return "slow line";
        }
    }

    /**
     * The connection is reset half-way through the request's body, so that the server sees only a part of it; or, of a
     * request without a body, half-way through the answer's.
     */
    record ResetMidBody() implements S3Fault {
        @Override
        public String label() {
            return "reset in mid-body";
        }
    }

    /** The server does what it is asked to, and the connection breaks before the client is told. */
    record LostAnswer() implements S3Fault {
        @Override
        public String label() {
            return "answer lost";
        }
    }

    /** The request is taken and never answered. Its connection stays so, also after the front is healed. */
    record BlackHole() implements S3Fault {
        @Override
        public String label() {
            return "black hole";
        }
    }
}

package io.stepvault.storage.s3.wire;

import java.time.Instant;
import java.util.Optional;

/**
 * What a server answered.
 *
 * @param status the HTTP status
 * @param code S3's name of the error; empty if there is none, or the body is none of S3's
 * @param region where the bucket is, if the server says so: it does when it was asked in another region
 * @param time the server's clock, if it told it
 * @param requestId by which the server's operator finds the request; may be empty
 */
public record Answer(int status, String code, Optional<String> region, Optional<Instant> time, String requestId) {
    /** Whether the request was done. */
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }
}

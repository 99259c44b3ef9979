package io.stepvault.storage.s3;

import io.stepvault.storage.s3.sign.SigV4;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/**
 * Who asks, where, and at what time.
 *
 * @param now as the server has it
 */
record Signing(Endpoint endpoint, AwsCredentialsIdentity identity, Instant now) {
    /** The headers that every request has, to be added to. */
    SortedMap<String, String> headers() {
        SortedMap<String, String> headers = new TreeMap<>();
        headers.put("host", endpoint.hostHeader());
        headers.put("x-amz-date", SigV4.timestamp(now));
        if (identity instanceof AwsSessionCredentialsIdentity session) {
            headers.put("x-amz-security-token", session.sessionToken());
        }
        return headers;
    }

    /**
     * Adds the signature over all of them.
     *
     * @param path of the request, encoded
     */
    SortedMap<String, String> signed(String method, String path, SortedMap<String, String> headers) {
        headers.put("authorization", endpoint.signer().authorization(method, path, headers, identity));
        return headers;
    }

    @Override
    public String toString() {
        return "Signing[" + endpoint.hostHeader() + ", " + now + "]";
    }
}

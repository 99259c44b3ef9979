package io.stepvault.storage.s3.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * The examples of the Amazon S3 API Reference, "Signature Calculations for the Authorization Header: Transferring Payload
 * in a Single Chunk", that have no query.
 */
class SigV4Test {
    private static final Instant TIME = Instant.parse("2013-05-24T00:00:00Z");
    private static final AwsCredentialsIdentity EXAMPLE =
            AwsCredentialsIdentity.create("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");

    private final SigV4 signer = new SigV4("us-east-1");

    @Test
    void signsThePutOfThePublishedExample() {
        String authorization = signer.authorization(
                "PUT",
                "/" + KeyPath.encode("test$file.text"),
                new TreeMap<>(Map.of(
                        "date", "Fri, 24 May 2013 00:00:00 GMT",
                        "host", "examplebucket.s3.amazonaws.com",
                        "x-amz-content-sha256", "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
                        "x-amz-date", SigV4.timestamp(TIME),
                        "x-amz-storage-class", "REDUCED_REDUNDANCY")),
                EXAMPLE);

        assertThat(authorization)
                .isEqualTo("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
                        + " SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,"
                        + " Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
    }

    @Test
    void signsTheGetOfThePublishedExample() {
        String authorization = signer.authorization(
                "GET",
                "/test.txt",
                new TreeMap<>(Map.of(
                        "host", "examplebucket.s3.amazonaws.com",
                        "range", "bytes=0-9",
                        "x-amz-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                        "x-amz-date", SigV4.timestamp(TIME))),
                EXAMPLE);

        assertThat(authorization)
                .endsWith("Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    }

    @Test
    void signsWithAnotherKeyOnTheNextDayAndForAnotherSecret() {
        TreeMap<String, String> headers =
                new TreeMap<>(Map.of("host", "h", "x-amz-content-sha256", SigV4.UNSIGNED_PAYLOAD));
        headers.put("x-amz-date", "20130524T000000Z");
        String first = signer.authorization("PUT", "/a", headers, EXAMPLE);
        headers.put("x-amz-date", "20130525T000000Z");
        String nextDay = signer.authorization("PUT", "/a", headers, EXAMPLE);
        String otherSecret = signer.authorization(
                "PUT", "/a", headers, AwsCredentialsIdentity.create(EXAMPLE.accessKeyId(), "another"));
        headers.put("x-amz-date", "20130524T000000Z");

        assertThat(nextDay).contains("/20130525/").isNotEqualTo(first);
        assertThat(otherSecret).isNotEqualTo(nextDay);
        assertThat(signer.authorization("PUT", "/a", headers, EXAMPLE)).isEqualTo(first);
    }

    @Test
    void refusesToSignWithoutTheTime() {
        assertThatThrownBy(() -> signer.authorization("PUT", "/a", new TreeMap<>(Map.of("host", "h")), EXAMPLE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("x-amz-date");
    }

    @Test
    void encodesKeysOnceAndNormalizesNothing() {
        assertThat(KeyPath.encode("a/../b//c d%+~_-.=:&}")).isEqualTo("a/../b//c%20d%25%2B~_-.%3D%3A%26%7D");
        assertThatThrownBy(() -> KeyPath.encode("\u00e9")).isInstanceOf(IllegalArgumentException.class);
    }
}

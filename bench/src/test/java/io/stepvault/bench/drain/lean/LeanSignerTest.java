package io.stepvault.bench.drain.lean;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

class LeanSignerTest {
    @Property(tries = 200)
    void signsAsTheSdkDoes(
            @ForAll @AlphaChars @StringLength(min = 1, max = 40) String secret,
            @ForAll @AlphaChars @NumericChars @StringLength(min = 1, max = 60) String key,
            @ForAll @LongRange(min = 0, max = 4_000_000_000L) long second) {
        Clock clock = Clock.fixed(Instant.ofEpochSecond(second), ZoneOffset.UTC);
        String host = "127.0.0.1:8443";
        String path = "/bucket/" + key;
        String crc32 = "2AAAAA==";

        LeanSigner.Signature signature = new LeanSigner("id", secret, "eu-west-1", host, clock).sign(path, crc32);

        SdkHttpRequest expected = AwsV4HttpSigner.create()
                .sign(request -> request.identity(AwsCredentialsIdentity.create("id", secret))
                        .request(SdkHttpRequest.builder()
                                .method(SdkHttpMethod.PUT)
                                .uri(URI.create("https://" + host + path))
                                .putHeader("x-amz-checksum-crc32", crc32)
                                .build())
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-1")
                        .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                        .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                        .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                        .putProperty(HttpSigner.SIGNING_CLOCK, clock))
                .request();
        assertThat(expected.firstMatchingHeader("x-amz-date")).contains(signature.time());
        assertThat(expected.firstMatchingHeader("Authorization")).contains(signature.authorization());
    }
}

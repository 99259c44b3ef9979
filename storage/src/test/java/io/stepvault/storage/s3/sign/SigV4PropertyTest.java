package io.stepvault.storage.s3.sign;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** Whatever the request, our signature is the one that the SDK would make. */
class SigV4PropertyTest {
    private static final AwsV4HttpSigner SDK = AwsV4HttpSigner.create();

    record Case(
            String method,
            String key,
            String region,
            AwsCredentialsIdentity identity,
            Instant time,
            Map<String, String> metadata,
            String contentType) {}

    @Property(tries = 1_000)
    void signsAsTheSdkDoes(@ForAll("cases") Case example) {
        SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.fromValue(example.method))
                .uri(URI.create("https://bucket.example.org"))
                .encodedPath("/" + KeyPath.encode(example.key))
                .putHeader("Content-Type", example.contentType);
        example.metadata.forEach((name, value) -> request.putHeader("x-amz-meta-" + name, value));
        SignedRequest signed = SDK.sign(sign -> sign.identity(example.identity)
                .request(request.build())
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                .putProperty(AwsV4HttpSigner.REGION_NAME, example.region)
                .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(example.time, ZoneOffset.UTC)));
        TreeMap<String, String> headers = new TreeMap<>();
        headers.put("host", "bucket.example.org");
        headers.put("content-type", example.contentType);
        headers.put("x-amz-date", SigV4.timestamp(example.time));
        headers.put("x-amz-content-sha256", SigV4.UNSIGNED_PAYLOAD);
        example.metadata.forEach((name, value) -> headers.put("x-amz-meta-" + name, value));
        if (example.identity instanceof AwsSessionCredentialsIdentity session) {
            headers.put("x-amz-security-token", session.sessionToken());
        }

        String ours = new SigV4(example.region)
                .authorization(example.method, "/" + KeyPath.encode(example.key), headers, example.identity);

        assertThat(ours)
                .isEqualTo(signed.request().firstMatchingHeader("Authorization").orElseThrow());
    }

    @Provide
    static Arbitrary<Case> cases() {
        Arbitrary<String> keys =
                Arbitraries.strings().withCharRange('!', '}').ofMinLength(1).ofMaxLength(200);
        Arbitrary<String> words =
                Arbitraries.strings().alpha().numeric().ofMinLength(1).ofMaxLength(40);
        Arbitrary<String> texts = Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(60);
        Arbitrary<AwsCredentialsIdentity> identities = Combinators.combine(
                        words, words, words, Arbitraries.of(true, false))
                .as((id, secret, token, temporary) -> temporary
                        ? AwsSessionCredentialsIdentity.create(id, secret, token)
                        : AwsCredentialsIdentity.create(id, secret));
        Arbitrary<Instant> times =
                Arbitraries.longs().between(0, 4_102_444_800L).map(Instant::ofEpochSecond);
        Arbitrary<String> names = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars('-')
                .ofMinLength(1)
                .ofMaxLength(20);
        return Combinators.combine(
                        Arbitraries.of("PUT", "HEAD"),
                        keys,
                        Arbitraries.of("us-east-1", "eu-central-1", "auto"),
                        identities,
                        times,
                        Arbitraries.maps(names, texts).ofMaxSize(6),
                        texts.filter(text -> !text.isBlank()))
                .as(Case::new);
    }
}

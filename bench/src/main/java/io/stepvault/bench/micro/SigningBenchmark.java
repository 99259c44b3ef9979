package io.stepvault.bench.micro;

import io.stepvault.storage.s3.sign.SigV4;
import java.net.URI;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/** What it takes to sign a put, payload unsigned: by the lean write path, and by the AWS SDK's own signer. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx512m")
@State(Scope.Benchmark)
public class SigningBenchmark {
    private static final String HOST = "captures.s3.eu-west-1.amazonaws.com";
    private static final String PATH =
            "/crawl/sessions/session-000042/steps/step-000017/20261120T080012.345678Z-0123456789abcdef/page.html";
    private static final String CRC32 = "2AAAAA==";

    private final AwsCredentialsIdentity identity = AwsCredentialsIdentity.create("AKIAIOSFODNN7EXAMPLE", "secret");
    private final SigV4 lean = new SigV4("eu-west-1");
    private final AwsV4HttpSigner sdk = AwsV4HttpSigner.create();

    /** Our own. */
    @Benchmark
    public String lean() {
        SortedMap<String, String> headers = new TreeMap<>();
        headers.put("host", HOST);
        headers.put("content-type", "text/html");
        headers.put("x-amz-checksum-crc32", CRC32);
        headers.put("x-amz-content-sha256", SigV4.UNSIGNED_PAYLOAD);
        headers.put("x-amz-date", SigV4.timestamp(Instant.now()));
        return lean.authorization("PUT", PATH, headers, identity);
    }

    /** The SDK's, on a request that is made anew as it is for each put. */
    @Benchmark
    public SignedRequest sdk() {
        return sdk.sign(request -> request.identity(identity)
                .request(SdkHttpRequest.builder()
                        .method(SdkHttpMethod.PUT)
                        .uri(URI.create("https://" + HOST + PATH))
                        .putHeader("content-type", "text/html")
                        .putHeader("x-amz-checksum-crc32", CRC32)
                        .build())
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-west-1")
                .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false));
    }
}

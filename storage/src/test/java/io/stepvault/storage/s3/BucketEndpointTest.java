package io.stepvault.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

class BucketEndpointTest {
    private static BucketEndpoint of(String uri) {
        S3Clients clients = new S3Clients(
                S3Location.parse(URI.create(uri)),
                S3Options.defaults()
                        .withCredentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("k/+%", "s"))));
        return clients.endpoint();
    }

    @ParameterizedTest
    @CsvSource({
        "s3://bucket?region=eu-central-1, https://bucket.s3.eu-central-1.amazonaws.com:443, /a%20b, eu-central-1",
        "s3://dotted.bucket?region=eu-central-1, https://s3.eu-central-1.amazonaws.com:443, /dotted.bucket/a%20b, eu-central-1",
        "s3://bucket?region=cn-north-1, https://bucket.s3.cn-north-1.amazonaws.com.cn:443, /a%20b, cn-north-1",
        "s3://bucket?endpoint=http://127.0.0.1:9000&region=here, http://127.0.0.1:9000, /bucket/a%20b, here",
        "s3://bucket?endpoint=https://s3.example.org/base&region=here, https://s3.example.org:443, /base/bucket/a%20b, here",
        "s3://bucket?endpoint=https://s3.example.org&region=here&path-style=false, https://bucket.s3.example.org:443, /a%20b, here",
        "s3://bucket?endpoint=http://[::1]:9000&region=here, http://[::1]:9000, /bucket/a%20b, here",
    })
    void isWhereTheSdkWouldGo(String uri, String server, String path, String region) {
        Endpoint endpoint = of(uri).get();

        assertThat(endpoint.server().toURI()).isEqualTo(server);
        assertThat(endpoint.path("a b")).isEqualTo(path);
        assertThat(endpoint.region()).isEqualTo(region);
        assertThat(server).startsWith(endpoint.server().getSchemeName() + "://" + endpoint.hostHeader());
    }

    @ParameterizedTest
    @CsvSource({"eu-west-1, true", "eu-central-1, false", "evil.example.org/, false", "'', false"})
    void movesOnlyToWhatIsAnotherRegion(String told, boolean moves) {
        BucketEndpoint bucket = of("s3://bucket?region=eu-central-1");

        assertThat(bucket.isIn(told, bucket.get())).isEqualTo(moves);
        assertThat(bucket.get().region()).isEqualTo(moves ? told : "eu-central-1");
        assertThat(bucket.get().hostHeader()).endsWith(".amazonaws.com");
    }
}

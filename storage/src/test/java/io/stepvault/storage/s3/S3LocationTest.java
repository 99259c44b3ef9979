package io.stepvault.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3LocationTest {
    @Test
    void readsABucketAndAPrefix() {
        assertThat(parse("s3://captures/crawls/eu/"))
                .isEqualTo(new S3Location(
                        "captures",
                        "crawls/eu",
                        Optional.empty(),
                        Optional.empty(),
                        false,
                        S3Location.Checksums.WHEN_SUPPORTED,
                        Optional.empty()));
        assertThat(parse("s3://under_score").bucket()).isEqualTo("under_score");
        assertThat(parse("s3://captures/").prefix()).isEmpty();
    }

    @Test
    void readsParameters() {
        assertThat(parse("s3://b-1?endpoint=http://127.0.0.1:9000&region=eu-central-1&path-style=false"
                        + "&checksums=when-required&ca-file=/etc/ca.pem"))
                .isEqualTo(new S3Location(
                        "b-1",
                        "",
                        Optional.of(URI.create("http://127.0.0.1:9000")),
                        Optional.of("eu-central-1"),
                        false,
                        S3Location.Checksums.WHEN_REQUIRED,
                        Optional.of(Path.of("/etc/ca.pem"))));
        assertThat(parse("s3://bucket?endpoint=https%3A%2F%2Fs3.example.org").endpoint())
                .contains(URI.create("https://s3.example.org"));
        assertThat(parse("s3://bucket?endpoint=http://localhost").pathStyle()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"endpont, endpoint", "pathstyle, path-style", "Region, region", "checksum, checksums"})
    void suggestsTheParameterThatWasMeant(String typed, String meant) {
        assertThatThrownBy(() -> parse("s3://bucket?" + typed + "=x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("did you mean " + meant + "?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://",
                "s3:///prefix",
                "s3://a",
                "s3://bucket:80/x",
                "s3://bucket#fragment",
                "s3://bucket?region=",
                "s3://bucket?region",
                "s3://bucket?region=a&region=b",
                "s3://bucket?region=a/b",
                "s3://bucket?path-style=yes",
                "s3://bucket?checksums=none",
                "s3://bucket?endpoint=127.0.0.1:9000",
                "s3://bucket?endpoint=ftp://host",
                "s3://bucket?endpoint=http://",
                "s3:bucket"
            })
    void refusesWhatNamesNoPlace(String uri) {
        assertThatThrownBy(() -> parse(uri)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3://key:hidden@bucket",
                "s3://hidden@bucket",
                "s3://bucket?endpoint=http://user:hidden@127.0.0.1:9000",
                "s3://bucket?endpoint=http://a b:hidden",
                "s3://bucket?secret=hidden"
            })
    void neverRepeatsWhatMayBeASecret(String uri) {
        assertThatThrownBy(() -> parse(uri.replace(" ", "%20")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hidden");
    }

    private static S3Location parse(String uri) {
        return S3Location.parse(URI.create(uri));
    }
}

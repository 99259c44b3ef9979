package io.stepvault.storage;

import static io.stepvault.storage.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class GzipS3StepStoreIT extends S3StepStoreIT {
    @Override
    Compression compression() {
        return Compression.GZIP;
    }

    /** As a browser reads it. */
    @Test
    void marksWhatIsCompressed() throws Exception {
        String page = "<p>é\n".repeat(1_000);
        stored(aStep().html(page).build());
        StoredStep step = store.load("session", "step").orElseThrow();

        HttpResponse<byte[]> answer = get(step.presign("html", Duration.ofMinutes(1)));

        assertThat(answer.headers().firstValue("content-encoding")).hasValue("gzip");
        assertThat(answer.headers().firstValue("content-disposition")).hasValue("attachment");
        assertThat(answer.headers().firstValue("content-type")).get().asString().startsWith("text/html");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(page);
        assertThat(step.artifactUris().get("html")).asString().endsWith("/gzip/page.html");
    }
}

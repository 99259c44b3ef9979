package io.stepvault.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.storage.object.StoreException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreOpenerTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/var/captures",
                "captures",
                "http://example.org",
                "file:relative",
                "file://host/captures",
                "file:///captures?x=y",
                "s3://bucket/a%20b?region=us-east-1",
                "s3://bucket//x?region=us-east-1"
            })
    void saysWhatIsWrongWithAUri(String uri) {
        assertThatThrownBy(() -> StepStore.open(URI.create(uri))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void opensABucketWithoutAskingIt() {
        URI uri = URI.create("s3://bucket/prefix?endpoint=http://127.0.0.1:1");

        try (StepStore store = StepStore.open(uri)) {
            assertThat(store.location()).isEqualTo(URI.create("s3://bucket/prefix/"));
        }
    }

    @Test
    void failsToOpenAFile(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "x");

        assertThatThrownBy(() -> StepStore.open(file.toUri())).isInstanceOf(StoreException.class);
    }
}

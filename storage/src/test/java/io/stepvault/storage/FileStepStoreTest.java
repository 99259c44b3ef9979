package io.stepvault.storage;

import static io.stepvault.storage.Captures.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStepStoreTest extends StepStoreContract {
    private final Path directory;
    private final StepStore store;

    FileStepStoreTest(@TempDir Path directory) {
        this.directory = directory;
        this.store = StepStore.open(directory.toUri(), TestStores.quick());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    StepStore store() {
        return store;
    }

    @Test
    void tellsWhereArtifactsAre() {
        URI page =
                stored(aStep().called("a/b").html("<p>").build()).artifactUris().get("html");

        assertThat(page).hasScheme("file");
        assertThat(Path.of(page)).hasContent("<p>").startsWith(directory);
        assertThat(store.location().toString()).isEqualTo("file://" + directory);
    }

    @Test
    void hasNoUrlsForOthers() {
        stored(aStep().html("<p>").build());

        assertThat(store.load("session", "step").orElseThrow().presign("html", Duration.ofMinutes(1)))
                .isEmpty();
    }
}

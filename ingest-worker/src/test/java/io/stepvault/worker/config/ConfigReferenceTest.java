package io.stepvault.worker.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {
    /** Relative to the module, where Maven runs its tests. */
    private static final Path REFERENCE = Path.of("..", "docs", "configuration.md");

    @Test
    void theReferenceInDocsIsUpToDate() throws IOException {
        String generated = ConfigReference.markdown();
        if (Boolean.getBoolean("update.golden")) {
            Files.createDirectories(REFERENCE.toAbsolutePath().normalize().getParent());
            Files.writeString(REFERENCE, generated);
        }

        assertThat(REFERENCE)
                .as("docs/configuration.md is out of date or missing; update it with"
                        + " mvn -pl ingest-worker -am test -Dtest=ConfigReferenceTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dupdate.golden=true")
                .exists()
                .hasContent(generated);
    }

    @Test
    void theReferenceNamesEveryKey() {
        String generated = ConfigReference.markdown();

        assertThat(WorkerKeys.ALL).allSatisfy(key -> assertThat(generated).contains("| `" + key.name() + "` |"));
    }
}

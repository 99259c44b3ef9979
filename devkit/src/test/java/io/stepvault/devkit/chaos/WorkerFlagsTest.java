package io.stepvault.devkit.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class WorkerFlagsTest {
    @Test
    void areTheLaunchers() throws Exception {
        assertThat(Files.readString(Path.of("..", "stepvault")))
                .contains("worker_flags=\"" + WorkerFlags.FLAGS + "\"")
                .contains("worker_trim_flag=\"" + WorkerFlags.TRIM_FLAG + "\"");
    }
}

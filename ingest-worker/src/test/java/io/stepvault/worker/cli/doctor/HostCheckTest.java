package io.stepvault.worker.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.worker.cli.doctor.Finding.Status;
import io.stepvault.worker.config.ByteSize;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostCheckTest {
    @Test
    void refusesAnOldJava() {
        assertThat(HostCheck.java(11).status()).isEqualTo(Status.FAIL);
        assertThat(HostCheck.java(17).status()).isEqualTo(Status.OK);
    }

    @Test
    void refusesAMemoryBudgetThatTheHeapCannotCarry() {
        assertThat(HostCheck.memory(ByteSize.ofMiB(128), ByteSize.ofMiB(256)).status())
                .isEqualTo(Status.OK);
        assertThat(HostCheck.memory(ByteSize.ofMiB(129), ByteSize.ofMiB(256)).line())
                .startsWith("FAIL  memory")
                .contains("-Xmx");
    }

    @Test
    void looksAtTheDiskOfAStoreThatIsNotMadeYet(@TempDir Path root) {
        assertThat(HostCheck.disk(root.resolve("a/b").toUri()).detail()).contains("free under " + root);
    }
}

package io.stepvault.worker.spool;

import static io.stepvault.worker.spool.SpooledBatches.aBatch;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.worker.ManualThread;
import io.stepvault.worker.spool.SpoolDisk.Written;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InMemorySpoolDiskTest extends SpoolDiskContract {
    private final InMemorySpoolDisk disk = new InMemorySpoolDisk(new ManualThread().clock());

    @Override
    protected SpoolDisk disk() {
        return disk;
    }

    @Override
    protected List<SpoolEntry> restart() {
        disk.crash();
        return disk.entries();
    }

    @Override
    protected void damage(SpoolEntry entry) {
        disk.corrupt(entry);
    }

    @Override
    protected void lose(String file) {
        disk.lose(file);
    }

    @Override
    protected void leaveRoomFor(long bytes) {
        disk.limit(disk.use().bytes() + bytes);
    }

    @Test
    void whatIsHeldHappensInOrderWhenTheTestSaysSo() {
        disk.hold();
        CompletableFuture<Written> first = disk.write(List.of(aBatch("s1", 1)));
        CompletableFuture<Written> second = disk.write(List.of(aBatch("s2", 2)));

        disk.answerNext();

        assertThat(first).isCompleted();
        assertThat(second).isNotDone();
        assertThat(disk.entries()).hasSize(1);
        disk.release();
        assertThat(second).isCompleted();
    }

    @Test
    void aCrashLosesWhatHasNotHappenedAndKeepsWhatHas() {
        disk.hold();
        CompletableFuture<Written> durable = disk.write(List.of(aBatch("s1", 1)));
        CompletableFuture<Written> lost = disk.write(List.of(aBatch("s2", 2)));
        disk.takeEffectOfNext();

        disk.crash();

        assertThat(durable).isNotDone();
        assertThat(lost).isNotDone();
        assertThat(disk.entries()).extracting(SpoolEntry::sessionId).containsExactly("s1");
    }
}

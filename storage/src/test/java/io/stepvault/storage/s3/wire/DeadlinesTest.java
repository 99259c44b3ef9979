package io.stepvault.storage.s3.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    /** Where nanoseconds count over from the largest number to the smallest. */
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);

    private final Deadlines deadlines = new Deadlines(now::get);
    private final AtomicInteger cutOff = new AtomicInteger();

    @Test
    void cutsOffOnceWhatIsLate() {
        Deadlines.Deadline deadline = deadlines.begin(Duration.ofSeconds(1), cutOff::incrementAndGet);
        now.addAndGet(999_999_999);
        deadlines.look();
        assertThat(cutOff).hasValue(0);
        assertThat(deadline.hasPassed()).isFalse();

        now.addAndGet(1);
        deadlines.look();
        deadlines.look();

        assertThat(cutOff).hasValue(1);
        assertThat(deadline.hasPassed()).isTrue();
    }

    @Test
    void leavesWhatIsDone() {
        deadlines.begin(Duration.ofSeconds(1), cutOff::incrementAndGet).close();
        now.addAndGet(Duration.ofHours(1).toNanos());
        deadlines.look();

        assertThat(cutOff).hasValue(0);
    }
}

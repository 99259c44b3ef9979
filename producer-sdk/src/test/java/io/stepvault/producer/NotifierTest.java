package io.stepvault.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class NotifierTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final CaptureId ID = new CaptureId("s1", "step-1", Optional.of(3L));

    @Test
    void callsBackOnAThreadOfItsOwn() throws InterruptedException {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        Notifier notifier = notifier(dropped -> threads.add(Thread.currentThread()));

        notifier.dropped(ID, DropReason.QUEUE_FULL, "full");
        notifier.dropped(ID, DropReason.QUEUE_FULL, "full");
        notifier.awaitTold(LONG);

        assertThat(threads).hasSize(2).doesNotContain(Thread.currentThread()).allMatch(Thread::isDaemon);
    }

    @Test
    void survivesACallbackThatThrows() throws InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        Notifier notifier = notifier(dropped -> {
            if (calls.incrementAndGet() == 1) {
                throw new AssertionError("on purpose");
            }
        });

        notifier.dropped(ID, DropReason.EVICTED, "full");
        notifier.dropped(ID, DropReason.EVICTED, "full");
        notifier.awaitTold(LONG);

        assertThat(calls).hasValue(2);
    }

    @Test
    void leavesCallbacksOutAndCountsThemWhenTheyTakeTooLongButNeverAFuture() throws InterruptedException {
        CountDownLatch hold = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        Notifier notifier = notifier(dropped -> {
            calls.incrementAndGet();
            try {
                hold.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        int drops = Notifier.MAX_WAITING + 1_000;

        for (int i = 0; i < drops; i++) {
            notifier.dropped(ID, DropReason.QUEUE_FULL, "full");
        }
        boolean behind = notifier.isBehind();
        CompletableFuture<Acknowledgement> future = new CompletableFuture<>();
        notifier.acknowledged(new Ticket(0, ID, Optional.of(future)), new Acknowledgement("t", 0, 7));
        hold.countDown();
        notifier.awaitTold(LONG);

        assertThat(behind).isTrue();
        assertThat(notifier.isBehind()).isFalse();
        assertThat(notifier.skippedCallbacks()).isGreaterThanOrEqualTo(900);
        assertThat(calls.get() + notifier.skippedCallbacks()).isEqualTo(drops);
        assertThat(future).isCompletedWithValue(new Acknowledgement("t", 0, 7));
    }

    @Test
    void doesNotWaitForItselfWhenACallbackAsks() {
        CompletableFuture<Boolean> returned = new CompletableFuture<>();
        CompletableFuture<Notifier> self = new CompletableFuture<>();
        Notifier notifier = notifier(dropped -> {
            try {
                self.join().awaitTold(Duration.ofDays(1));
                returned.complete(true);
            } catch (InterruptedException e) {
                returned.completeExceptionally(e);
            }
        });
        self.complete(notifier);

        notifier.dropped(ID, DropReason.CLOSED, "closed");

        assertThat(returned.join()).isTrue();
    }

    private static Notifier notifier(Consumer<DroppedCapture> onDropped) {
        return new Notifier(Optional.of(onDropped), Optional.empty(), new ManualClock());
    }
}

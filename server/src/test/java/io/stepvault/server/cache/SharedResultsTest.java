package io.stepvault.server.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.stepvault.server.SteppedClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class SharedResultsTest {
    private final SteppedClock clock = new SteppedClock();
    private final List<String> made = new ArrayList<>();
    private final SharedResults<String, String> results =
            new SharedResults<>(Duration.ofSeconds(1), 10, String::length, clock);

    private String get(String key, String value) {
        return results.get(key, () -> {
            made.add(value);
            return value;
        });
    }

    @Test
    void areKeptForAWhile() {
        assertThat(get("a", "1")).isEqualTo("1");
        assertThat(get("a", "2")).isEqualTo("1");

        clock.advance(Duration.ofSeconds(1));

        assertThat(get("a", "3")).isEqualTo("3");
        assertThat(made).containsExactly("1", "3");
    }

    @Test
    void makeRoomForOthersWhenTheyAreNotWanted() {
        get("a", "1234");
        get("b", "1234");
        get("a", "again");
        get("c", "1234");

        assertThat(get("a", "new")).isEqualTo("1234");
        assertThat(get("c", "new")).isEqualTo("1234");
        assertThat(get("b", "new")).isEqualTo("new");
    }

    @Test
    void areNotKeptIfTheyAloneAreTooMuch() {
        get("a", "1234");
        get("b", "01234567890");

        assertThat(get("b", "new")).isEqualTo("new");
        assertThat(get("a", "new")).isEqualTo("1234");
    }

    @Test
    void areNotKeptIfTheyFail() {
        assertThatIllegalStateException()
                .isThrownBy(() -> results.get("a", () -> {
                    throw new IllegalStateException("not today");
                }))
                .withMessage("not today");

        assertThat(get("a", "1")).isEqualTo("1");
    }

    @Test
    void failForAllWhoWait() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> results.get("a", () -> {
            started.countDown();
            await(go);
            throw new IllegalStateException("not today");
        }));
        started.await();
        List<Thread> waiting = new ArrayList<>();
        List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 3; i++) {
            Thread thread = new Thread(() -> get("a", "never"));
            thread.setUncaughtExceptionHandler((t, e) -> failures.add(e));
            thread.start();
            waiting.add(thread);
        }
        org.awaitility.Awaitility.await()
                .until(() -> waiting.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
        go.countDown();
        for (Thread thread : waiting) {
            thread.join();
        }

        assertThat(first).failsWithin(Duration.ofSeconds(10));
        assertThat(failures).hasSize(3).allSatisfy(e -> assertThat(e).hasMessage("not today"));
        assertThat(made).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

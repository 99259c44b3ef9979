package io.stepvault.server.listing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.stepvault.capture.Revision;
import io.stepvault.server.SteppedClock;
import io.stepvault.server.StubStepStore;
import io.stepvault.server.http.ProblemException;
import io.stepvault.storage.Page;
import io.stepvault.storage.PageRequest;
import io.stepvault.storage.StepEntry;
import io.stepvault.storage.object.TransientStoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class StepListingsTest {
    private final SteppedClock clock = new SteppedClock();
    private final AtomicInteger listed = new AtomicInteger();
    private volatile Function<PageRequest, Page<StepEntry>> store = request -> page(List.of(entry("a", 1)));
    private final StepListings listings = new StepListings(
            new StubStepStore() {
                @Override
                public Page<StepEntry> revisions(String sessionId, PageRequest request) {
                    listed.incrementAndGet();
                    return store.apply(request);
                }
            },
            new Turns(1, Duration.ofMillis(10)),
            clock);

    private static StepEntry entry(String step, long second) {
        return new StepEntry("s", step, new Revision(Instant.ofEpochSecond(second), "0123456789abcdef"));
    }

    private static Page<StepEntry> page(List<StepEntry> entries) {
        return new Page<>(entries, Optional.empty());
    }

    @Test
    void countsRevisionsAndShowsTheLatestOfEachStep() {
        store = request -> page(List.of(entry("a", 1), entry("a", 9), entry("b", 5)));

        SessionSteps steps = listings.of("s");

        assertThat(steps.count()).isEqualTo(2);
        assertThat(steps.revisions()).isEqualTo(3);
        assertThat(steps.first()).hasValue(entry("b", 5));
        assertThat(steps.last()).hasValue(entry("a", 9));
        assertThat(listings.page("s", PageRequest.first(10)).items()).containsExactly(entry("b", 5), entry("a", 9));
    }

    @Test
    void readsAllPagesOfTheStore() {
        store = request -> request.token().isEmpty()
                ? new Page<>(List.of(entry("a", 1)), Optional.of("more"))
                : page(List.of(entry("a", 2), entry("b", 3)));

        assertThat(listings.of("s").revisions()).isEqualTo(3);
        assertThat(listings.of("s").count()).isEqualTo(2);
    }

    @Test
    void takesAListingForThePresentForAMoment() {
        listings.of("s");
        listings.of("s");
        assertThat(listed).hasValue(1);

        listings.of("other");
        assertThat(listed).hasValue(2);

        clock.advance(StepListings.FRESH);
        listings.of("s");
        assertThat(listed).hasValue(3);
    }

    @Test
    void sharesAListingThatIsGoingOn() throws Exception {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        store = request -> {
            started.countDown();
            join(go);
            return page(List.of(entry("a", 1)));
        };
        CompletableFuture<SessionSteps> one = CompletableFuture.supplyAsync(() -> listings.of("s"));
        started.await();
        CompletableFuture<SessionSteps> two = CompletableFuture.supplyAsync(() -> listings.of("s"));
        // There is only one turn: whoever is not let in on the first listing is turned away.
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> listings.of("other"))
                .satisfies(e -> assertThat(e.problem().status()).isEqualTo(503));
        go.countDown();

        await().until(() -> one.isDone() && two.isDone());
        assertThat(one.get()).isSameAs(two.get());
        assertThat(listed).hasValue(1);
    }

    private static void join(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void keepsNoFailure() {
        store = request -> {
            throw new TransientStoreException("store", "", "down", null);
        };
        assertThatExceptionOfType(TransientStoreException.class).isThrownBy(() -> listings.of("s"));

        store = request -> page(List.of(entry("a", 1)));
        assertThat(listings.of("s").count()).isEqualTo(1);
    }

    @Test
    void refusesTokensThatAreNotItsOwn() {
        for (String token : List.of("x", "", "MS8", "!!", "MS8yMDI2MTEyMFQwODAwMDAuMDAwMDAwWi94L3k")) {
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> listings.page("s", PageRequest.after(token, 1)))
                    .satisfies(e -> assertThat(e.problem().status()).isEqualTo(400));
        }
    }

    @Property(tries = 200)
    void pagesAreTheListCutIntoPieces(
            @ForAll @Size(max = 12) List<@IntRange(max = 5) Integer> seconds,
            @ForAll @IntRange(min = 1, max = 5) int limit,
            @ForAll @IntRange(min = 1, max = 15) int held) {
        List<StepEntry> steps = new ArrayList<>();
        for (int i = 0; i < seconds.size(); i++) {
            steps.add(entry("step" + (char) ('a' + i), seconds.get(i)));
        }
        Function<PageRequest, Page<StepEntry>> listing = request -> page(steps);
        SessionSteps session = SessionSteps.read(held, listing);
        List<StepEntry> read = new ArrayList<>();
        Optional<String> token = Optional.empty();
        do {
            Optional<StepEntry> after = token.map(text -> Place.parse(text).in("s"));
            Page<StepEntry> page = session.page(limit, after, listing);
            assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
            read.addAll(page.items());
            token = page.nextToken();
        } while (token.isPresent());

        assertThat(read).isEqualTo(steps.stream().sorted().toList());
    }
}

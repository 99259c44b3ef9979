package io.stepvault.producer;

import static io.stepvault.producer.CaptureBuilder.aStep;
import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.event.StepCapture;
import io.stepvault.producer.Outbox.Offer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class OutboxTest {
    private static final long MAX_BYTES = 100;
    private static final int MAX_COUNT = 5;
    private static final Duration LONG = Duration.ofMinutes(5);

    /** What may happen to an outbox. */
    sealed interface Event {
        record Publish(String session, int bytes) implements Event {}

        record Take() implements Event {}

        record Acknowledge(int which) implements Event {}

        record Fail(int which) implements Event {}

        record Abandon(int which) implements Event {}
    }

    @Property(tries = 500)
    void staysWithinItsBoundsAndAccountsForEveryCapture(
            @ForAll("policies") OverflowPolicy policy, @ForAll("events") @Size(max = 200) List<Event> events)
            throws InterruptedException {
        Outbox outbox = outbox(policy);
        Model model = new Model();

        for (Event event : events) {
            model.apply(event, outbox);

            PublisherStats stats = outbox.stats(0);
            PublisherStats.Backlog backlog = stats.backlog();
            assertThat(backlog.queued()).isLessThanOrEqualTo(MAX_COUNT).isEqualTo(model.queued.size());
            assertThat(backlog.queuedBytes()).isLessThanOrEqualTo(MAX_BYTES).isEqualTo(model.queuedBytes());
            assertThat(backlog.inFlight()).isEqualTo(model.inFlight.size());
            assertThat(stats.accepted())
                    .isEqualTo(stats.acknowledged()
                            + stats.failed()
                            + stats.dropped(DropReason.EVICTED)
                            + stats.dropped(DropReason.ABANDONED)
                            + backlog.queued()
                            + backlog.inFlight());
            assertThat(stats.accepted() + stats.dropped(DropReason.QUEUE_FULL)).isEqualTo(model.published);
        }
    }

    @Provide
    Arbitrary<OverflowPolicy> policies() {
        return Arbitraries.of(OverflowPolicy.dropNewest(), OverflowPolicy.dropOldest());
    }

    @Provide
    Arbitrary<List<Event>> events() {
        Arbitrary<Event> publish = Combinators.combine(
                        Arbitraries.of("a", "b", "c"), Arbitraries.integers().between(1, (int) MAX_BYTES))
                .as(Event.Publish::new);
        Arbitrary<Integer> which = Arbitraries.integers().between(0, 7);
        return Arbitraries.frequencyOf(
                        Tuple.of(5, publish),
                        Tuple.of(3, Arbitraries.just(new Event.Take())),
                        Tuple.of(2, which.map(Event.Acknowledge::new)),
                        Tuple.of(1, which.map(Event.Fail::new)),
                        Tuple.of(1, which.map(Event.Abandon::new)))
                .list();
    }

    /** What should be, worked out in the simplest way. */
    private static final class Model {
        /** A queued capture. */
        private record Expected(int bytes, String session, long number) {}

        private final Deque<Expected> queued = new ArrayDeque<>();
        private final List<Ticket> inFlight = new ArrayList<>();
        private final Map<String, Long> numbers = new HashMap<>();
        private long published;

        void apply(Event event, Outbox outbox) throws InterruptedException {
            if (event instanceof Event.Publish publish) {
                publish(publish, outbox);
            } else if (event instanceof Event.Take) {
                if (!queued.isEmpty()) {
                    QueuedCapture taken = outbox.take();
                    assertThat(taken).isNotNull();
                    CaptureId id = taken.ticket().id();
                    assertThat(new Expected(
                                    (int) taken.bytes(),
                                    id.sessionId(),
                                    id.sequence().orElseThrow()))
                            .isEqualTo(queued.removeFirst());
                    inFlight.add(taken.ticket());
                }
            } else if (event instanceof Event.Acknowledge acknowledge && !inFlight.isEmpty()) {
                Ticket ticket = inFlight.remove(acknowledge.which() % inFlight.size());
                assertThat(outbox.acknowledge(ticket)).isTrue();
                assertThat(outbox.fail(ticket)).isFalse();
            } else if (event instanceof Event.Fail fail && !inFlight.isEmpty()) {
                Ticket ticket = inFlight.remove(fail.which() % inFlight.size());
                assertThat(outbox.fail(ticket)).isTrue();
                assertThat(outbox.drop(ticket, DropReason.ABANDONED)).isFalse();
            } else if (event instanceof Event.Abandon abandon && !inFlight.isEmpty()) {
                Ticket ticket = inFlight.remove(abandon.which() % inFlight.size());
                assertThat(outbox.drop(ticket, DropReason.ABANDONED)).isTrue();
                assertThat(outbox.acknowledge(ticket)).isFalse();
            }
        }

        private void publish(Event.Publish publish, Outbox outbox) {
            published++;
            long number = numbers.merge(publish.session(), 1L, Long::sum) - 1;
            StepCapture capture = aStep().inSession(publish.session()).build();
            Offer offer = outbox.offer(capture, publish.bytes(), Optional.empty());
            if (offer instanceof Offer.Queued queuedNow) {
                queuedNow.evicted().forEach(evicted -> queued.removeFirst());
                queued.addLast(new Expected(publish.bytes(), publish.session(), number));
            } else if (offer instanceof Offer.Refused refused) {
                assertThat(refused.reason()).isEqualTo(DropReason.QUEUE_FULL);
                assertThat(refused.id().sequence()).contains(number);
                assertThat(queued.size() == MAX_COUNT || queuedBytes() + publish.bytes() > MAX_BYTES)
                        .isTrue();
            }
        }

        private long queuedBytes() {
            return queued.stream().mapToLong(Expected::bytes).sum();
        }
    }

    @Test
    void evictsOnlyAsManyAsItMust() {
        Outbox outbox = outbox(OverflowPolicy.dropOldest());
        offer(outbox, "a", 40);
        offer(outbox, "b", 40);
        offer(outbox, "c", 20);

        Offer offer = offer(outbox, "d", 60);

        assertThat(offer)
                .isInstanceOfSatisfying(
                        Offer.Queued.class,
                        queued -> assertThat(queued.evicted())
                                .extracting(ticket -> ticket.id().sessionId())
                                .containsExactly("a", "b"));
        assertThat(outbox.stats(0).backlog()).isEqualTo(new PublisherStats.Backlog(2, 80, 0));
    }

    @Test
    void aDroppedCaptureLeavesAGapInItsSession() throws InterruptedException {
        Outbox outbox = outbox(OverflowPolicy.dropNewest());
        offer(outbox, "a", 100);
        offer(outbox, "a", 100);
        QueuedCapture first = taken(outbox);

        offer(outbox, "a", 100);

        assertThat(first.numbered().getSequence()).contains(0L);
        assertThat(taken(outbox).numbered().getSequence()).contains(2L);
    }

    @Test
    void aCaptureKeepsItsOwnNumberAndItsContent() throws InterruptedException {
        Outbox outbox = outbox(OverflowPolicy.dropNewest());
        StepCapture own = aStep().numbered(9).withHtml("<p>").build();
        StepCapture next = aStep().withHtml("<p>").withLabel("a", "b").build();

        outbox.offer(own, 1, Optional.empty());
        outbox.offer(next, 1, Optional.empty());

        assertThat(taken(outbox).numbered()).isSameAs(own);
        StepCapture numbered = taken(outbox).numbered();
        assertThat(numbered)
                .isEqualTo(
                        aStep().numbered(10).withHtml("<p>").withLabel("a", "b").build());
        assertThat(numbered.getHtml().orElseThrow()).isSameAs(next.getHtml().orElseThrow());
    }

    @Test
    void aSessionIsForgottenOnceItsEndIsAccepted() throws InterruptedException {
        Outbox outbox = outbox(OverflowPolicy.dropNewest());
        StepCapture end = aStep().endingItsSession().build();
        offer(outbox, "s1", 100);
        outbox.offer(end, 100, Optional.empty());
        taken(outbox);
        outbox.offer(end, 100, Optional.empty());

        assertThat(taken(outbox).ticket().id().sequence()).contains(2L);
        offer(outbox, "s1", 1);
        assertThat(taken(outbox).ticket().id().sequence()).contains(0L);
    }

    @Test
    void aBlockedPublisherGoesOnWhenThereIsRoom() throws Exception {
        Outbox outbox = outbox(OverflowPolicy.block(LONG));
        offer(outbox, "a", 100);

        CompletableFuture<Offer> blocked = CompletableFuture.supplyAsync(() -> offer(outbox, "a", 100));
        taken(outbox);

        assertThat(blocked.get()).isInstanceOf(Offer.Queued.class);
    }

    @Test
    void aBlockedPublisherGivesUpInTime() {
        Outbox outbox = outbox(OverflowPolicy.block(Duration.ofMillis(10)));
        offer(outbox, "a", 100);

        assertThat(offer(outbox, "a", 1)).isInstanceOf(Offer.Refused.class);
    }

    @Test
    void aBlockedPublisherIsLetGoWhenThePublisherCloses() throws Exception {
        Outbox outbox = outbox(OverflowPolicy.block(LONG));
        offer(outbox, "a", 100);

        CompletableFuture<Offer> blocked = CompletableFuture.supplyAsync(() -> offer(outbox, "a", 100));
        outbox.close();

        assertThat(blocked.get())
                .isInstanceOfSatisfying(
                        Offer.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(DropReason.CLOSED));
    }

    @Test
    void aBlockedPublisherThatIsInterruptedKeepsItsFlag() {
        Outbox outbox = outbox(OverflowPolicy.block(LONG));
        offer(outbox, "a", 100);

        Thread.currentThread().interrupt();
        Offer offer = offer(outbox, "a", 1);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(offer).isInstanceOf(Offer.Refused.class);
    }

    @Test
    void aFlushEndsOnceAllIsAcknowledged() throws Exception {
        Outbox outbox = outbox(OverflowPolicy.dropNewest());
        offer(outbox, "a", 1);
        Ticket before = taken(outbox).ticket();
        CompletableFuture<Boolean> flushed = CompletableFuture.supplyAsync(() -> outbox.flush(LONG));
        assertThat(outbox.flush(Duration.ofMillis(1))).isFalse();

        outbox.acknowledge(before);

        assertThat(flushed.get()).isTrue();
    }

    @Test
    void aFlushDoesNotWaitForLaterCaptures() {
        Ledger ledger = new Ledger();
        long before = ledger.accept();
        Ledger.Watch watch = ledger.watch();
        long after = ledger.accept();

        ledger.fail(after);
        assertThat(watch.isSettled()).isFalse();
        ledger.acknowledge(before);

        assertThat(watch.isSettled()).isTrue();
        assertThat(watch.hasLost()).isFalse();
    }

    @Test
    void aFlushSaysWhenACaptureWasLost() {
        Ledger ledger = new Ledger();
        long lost = ledger.accept();
        Ledger.Watch watch = ledger.watch();

        ledger.drop(lost, DropReason.EVICTED);

        assertThat(watch.isSettled()).isTrue();
        assertThat(watch.hasLost()).isTrue();
    }

    @Test
    void aFlushOfNothingIsDone() {
        assertThat(outbox(OverflowPolicy.dropNewest()).flush(Duration.ZERO)).isTrue();
    }

    @Test
    void aClosedOutboxIsEmptiedAndThenEnds() throws InterruptedException {
        Outbox outbox = outbox(OverflowPolicy.dropNewest());
        offer(outbox, "a", 1);

        outbox.close();

        assertThat(offer(outbox, "a", 1)).isInstanceOf(Offer.Refused.class);
        assertThat(outbox.take()).isNotNull();
        assertThat(outbox.take()).isNull();
    }

    private static Outbox outbox(OverflowPolicy policy) {
        return new Outbox(new QueueLimits(MAX_BYTES, MAX_COUNT, policy));
    }

    private static Offer offer(Outbox outbox, String session, long bytes) {
        return outbox.offer(aStep().inSession(session).build(), bytes, Optional.empty());
    }

    private static QueuedCapture taken(Outbox outbox) throws InterruptedException {
        QueuedCapture taken = outbox.take();
        assertThat(taken).isNotNull();
        return taken;
    }
}

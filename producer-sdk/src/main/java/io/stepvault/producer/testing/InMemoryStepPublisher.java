package io.stepvault.producer.testing;

import io.stepvault.event.StepCapture;
import io.stepvault.producer.Acknowledgement;
import io.stepvault.producer.CaptureCheck;
import io.stepvault.producer.CaptureCheck.Verdict;
import io.stepvault.producer.CaptureId;
import io.stepvault.producer.CloseReport;
import io.stepvault.producer.DropReason;
import io.stepvault.producer.DroppedCapture;
import io.stepvault.producer.FailedCapture;
import io.stepvault.producer.PublishResult;
import io.stepvault.producer.PublisherStats;
import io.stepvault.producer.Redaction;
import io.stepvault.producer.Sequences;
import io.stepvault.producer.StepPublisher;
import io.stepvault.producer.testing.InMemoryBuilder.Callbacks;
import io.stepvault.producer.testing.Outcomes.News;
import io.stepvault.producer.testing.Outcomes.Waiting;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A publisher that keeps what it is given, for the tests of crawlers. It checks, numbers, redacts and counts as the
 * publisher to Kafka does, and needs no broker and no waiting: when {@code publish} returns, the capture has arrived in
 * {@link #captures()}, unless the test said otherwise:
 *
 * <pre>{@code
 * InMemoryStepPublisher publisher = new InMemoryStepPublisher();
 * crawler(publisher).crawl("https://example.org/");
 * assertThat(publisher.captures("crawl-42")).hasSize(3);
 *
 * publisher.hold();        // Kafka is away: captures are accepted, and wait
 * publisher.evict(1);      // ... and the oldest has to go for newer ones
 * publisher.refuse();      // the queue is full: QUEUE_FULL
 * publisher.failWith(e);   // Kafka refuses for good what has been accepted
 * publisher.deliver();     // all is well again, and what waited arrives
 * }</pre>
 *
 * <p>Callbacks and dependents of futures run on the thread that brought them about, before its call returns; what
 * callbacks throw is logged. There is no limit to what is kept.
 *
 * <p>Safe for any thread.
 */
public final class InMemoryStepPublisher implements StepPublisher {
    private static final Logger log = LoggerFactory.getLogger(InMemoryStepPublisher.class);

    private final CaptureCheck check;
    private final Optional<Redaction> redaction;
    private final Callbacks callbacks;
    private final Sequences sequences = new Sequences(Sequences.MAX_SESSIONS);
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Outcomes outcomes = new Outcomes();
    private Behaviour behaviour = Behaviour.DELIVER;
    private Exception failure = new IllegalStateException("no failure was asked for");
    private long accepted;
    private @Nullable CloseReport closed;

    private enum Behaviour {
        DELIVER,
        HOLD,
        REFUSE,
        FAIL
    }

    /** A publisher with the default limit to the size of a capture, without redaction and callbacks. */
    public InMemoryStepPublisher() {
        this(new InMemoryBuilder());
    }

    InMemoryStepPublisher(InMemoryBuilder settings) {
        this.check = settings.check();
        this.redaction = settings.redaction();
        this.callbacks = settings.callbacks();
    }

    /** Starts the configuration of a publisher. */
    public static InMemoryBuilder builder() {
        return new InMemoryBuilder();
    }

    /** What has arrived so far, in order, as a worker would read it: with sequence numbers, redacted. */
    public synchronized List<StepCapture> captures() {
        return List.copyOf(outcomes.arrived());
    }

    /** What has arrived so far of a session. */
    public List<StepCapture> captures(String sessionId) {
        return captures().stream()
                .filter(capture -> capture.getSessionId().equals(sessionId))
                .toList();
    }

    /** What was dropped so far, for whatever reason, in order. */
    public synchronized List<DroppedCapture> dropped() {
        return List.copyOf(outcomes.dropped());
    }

    /** What failed so far, in order. */
    public synchronized List<FailedCapture> failed() {
        return List.copyOf(outcomes.failed());
    }

    /** From now on what is accepted arrives at once, and what waited arrives now. So it is at first. */
    public void deliver() {
        behave(Behaviour.DELIVER, failure);
    }

    /** From now on what is accepted waits, as while Kafka is away. */
    public void hold() {
        behave(Behaviour.HOLD, failure);
    }

    /** From now on nothing is accepted, as while the queue is full; what waits goes on waiting. */
    public void refuse() {
        behave(Behaviour.REFUSE, failure);
    }

    /** From now on what is accepted fails, as if Kafka refused it for good, and what waited fails now. */
    public void failWith(Exception cause) {
        behave(Behaviour.FAIL, cause);
    }

    /** Drops the oldest captures that wait, as {@link io.stepvault.producer.OverflowPolicy.DropOldest} does. */
    public void evict(int captures) {
        tell(() -> {
            News news = news();
            for (int i = 0; i < captures && !waiting.isEmpty(); i++) {
                outcomes.drop(waiting.remove(), DropReason.EVICTED, "the test evicted it", news);
            }
            return news;
        });
    }

    @Override
    public PublishResult publish(StepCapture capture) {
        return publish(capture, Optional.empty());
    }

    @Override
    public CompletableFuture<Acknowledgement> publishAsync(StepCapture capture) {
        CompletableFuture<Acknowledgement> future = new CompletableFuture<>();
        publish(capture, Optional.of(future));
        return future;
    }

    private PublishResult publish(@Nullable StepCapture capture, Optional<CompletableFuture<Acknowledgement>> future) {
        return tell(() -> offer(capture, future)).result();
    }

    private News offer(@Nullable StepCapture capture, Optional<CompletableFuture<Acknowledgement>> future) {
        if (closed != null) {
            return refusal(capture, DropReason.CLOSED, "the publisher is closed", future);
        }
        Verdict verdict = check.check(capture);
        if (capture == null || verdict instanceof Verdict.Unsound) {
            Verdict.Unsound unsound = (Verdict.Unsound) verdict;
            return refusal(capture, unsound.reason(), unsound.detail(), future);
        }
        if (behaviour == Behaviour.REFUSE) {
            return refusal(capture, DropReason.QUEUE_FULL, "the test wants the queue to be full", future);
        }
        CaptureId id = number(capture);
        if (capture.getEndOfSession()) {
            sequences.forget(capture.getSessionId());
        }
        StepCapture numbered = Sequences.numbered(capture, id.sequence());
        waiting.add(new Waiting(accepted, id, numbered, ((Verdict.Sound) verdict).bytes(), future));
        accepted++;
        News news = news();
        settle(news);
        return news;
    }

    private News refusal(
            @Nullable StepCapture capture,
            DropReason reason,
            String detail,
            Optional<CompletableFuture<Acknowledgement>> future) {
        boolean takesNumber = reason != DropReason.CLOSED && CaptureId.hasUsableSession(capture);
        News news = news();
        news.result(PublishResult.refusedAs(reason));
        CaptureId id = takesNumber && capture != null
                ? number(capture)
                : CaptureId.of(capture, capture == null ? Optional.empty() : capture.getSequence());
        outcomes.refuse(new DroppedCapture(id, reason, detail), future, news);
        return news;
    }

    private CaptureId number(StepCapture capture) {
        return CaptureId.of(capture, Optional.of(sequences.number(capture.getSessionId(), capture.getSequence())));
    }

    private void behave(Behaviour next, Exception cause) {
        tell(() -> {
            behaviour = next;
            failure = cause;
            News news = news();
            settle(news);
            return news;
        });
    }

    /** Does with what waits what the test wants. */
    private void settle(News news) {
        while (!waiting.isEmpty() && (behaviour == Behaviour.DELIVER || behaviour == Behaviour.FAIL)) {
            Waiting next = waiting.remove();
            StepCapture capture = next.capture();
            if (redaction.isPresent()) {
                Redaction.Result result = redaction.get().redact(capture);
                if (result instanceof Redaction.Result.Dropped drop) {
                    outcomes.drop(next, drop.reason(), drop.detail(), news);
                    continue;
                }
                capture = ((Redaction.Result.Kept) result).capture();
            }
            if (behaviour == Behaviour.FAIL) {
                outcomes.fail(next, failure, news);
            } else {
                outcomes.arrive(next, capture, news);
            }
        }
        notifyAll();
    }

    /** Waits for a test's other thread to let go of what waits. */
    @Override
    public synchronized boolean flush(Duration timeout) {
        long end = accepted;
        int lostBefore = outcomes.lost().size();
        long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
        try {
            while (!waiting.isEmpty() && waiting.element().number() < end) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return outcomes.lost().stream().skip(lostBefore).noneMatch(number -> number < end);
    }

    @Override
    public synchronized PublisherStats stats() {
        long bytes = waiting.stream().mapToLong(Waiting::bytes).sum();
        return outcomes.stats(accepted, new PublisherStats.Backlog(waiting.size(), bytes, 0));
    }

    /** Gives up what waits at once. */
    @Override
    public CloseReport close(Duration timeout) {
        return tell(() -> {
                    News news = news();
                    if (closed == null) {
                        closed = new CloseReport(waiting.size(), 0);
                        while (!waiting.isEmpty()) {
                            outcomes.drop(waiting.remove(), DropReason.ABANDONED, "the publisher was closed", news);
                        }
                        notifyAll();
                    }
                    news.report(closed);
                    return news;
                })
                .report();
    }

    /** Does something under the lock, and tells of it without, so that callbacks may use this publisher. */
    private News tell(Supplier<News> action) {
        News news;
        synchronized (this) {
            news = action.get();
        }
        for (Runnable message : news.messages()) {
            try {
                message.run();
            } catch (RuntimeException | Error e) {
                log.atWarn().setCause(e).log("A callback of the publisher threw; publishing goes on");
            }
        }
        return news;
    }

    private News news() {
        return new News(callbacks);
    }
}

package io.stepvault.worker.cli;

import io.stepvault.event.StepCapture;
import io.stepvault.producer.StepPublisher;
import io.stepvault.worker.cli.crawl.CrawlDirectory;
import io.stepvault.worker.cli.crawl.CrawlException;
import io.stepvault.worker.cli.crawl.StepFiles;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.Progress;
import io.stepvault.worker.cli.terminal.ProgressDisplay;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a crawl: sessions one after the other, their steps in order, so many bytes on their way at once. What
 * cannot be read or is refused is named and counted, and the rest goes on. Used once, by one thread.
 */
final class CrawlPublication {
    /** Half of what the publisher's queue takes, so that the queue itself never refuses a capture. */
    private static final long MAX_WAITING_BYTES = 32L << 20;

    private static final long MAX_WAITING_CAPTURES = 5_000;

    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration SAY_AFTER = Duration.ofSeconds(5);
    private static final int MAX_NAMED = 20;

    private final StepPublisher publisher;
    private final PublishTarget target;
    private final Console console;
    private final ProgressDisplay display;
    private final Deliveries deliveries;
    private final Instant start;

    private int totalSessions;
    private long totalSteps;
    private long totalBytes;
    private long named;
    private boolean saidSilent;

    /**
     * Where captures go.
     *
     * @param servers the brokers, for messages
     * @param sessionSuffix what each session's id gets at its end
     * @param timeout how long the brokers may say nothing before it is given up
     */
    record PublishTarget(String servers, String sessionSuffix, Duration timeout) {}

    CrawlPublication(StepPublisher publisher, PublishTarget target, Console console, ProgressDisplay display) {
        this.publisher = publisher;
        this.target = target;
        this.console = console;
        this.display = display;
        this.deliveries = new Deliveries(console.clock());
        this.start = console.clock().instant();
    }

    /**
     * Publishes it all and waits until the brokers have it; {@link #summary} says how it ended.
     *
     * @throws CommandFailure if the brokers take nothing any more
     */
    void publish(CrawlDirectory crawl) throws CrawlException, InterruptedException {
        List<Path> sessions = crawl.sessions();
        totalSessions = sessions.size();
        for (Path session : sessions) {
            measure(crawl, session);
        }
        for (Path session : sessions) {
            publishSession(crawl, session);
        }
        while (deliveries.count().waiting() > 0) {
            awaitNews();
        }
        tellFailures();
        display.end(progress());
    }

    /** How it stands. */
    PublishSummary summary() {
        Deliveries.Count count = deliveries.count();
        return new PublishSummary(
                totalSessions, totalSteps, count.acknowledged(), count.failed(), count.acknowledgedBytes(), elapsed());
    }

    private void measure(CrawlDirectory crawl, Path session) {
        try {
            for (StepFiles step : crawl.steps(session)) {
                totalSteps++;
                totalBytes += step.size();
            }
        } catch (CrawlException e) {
            totalSteps++; // it will fail as one
        }
    }

    /** One step is read ahead: only then is it known whether the one before it was the session's last. */
    private void publishSession(CrawlDirectory crawl, Path session) throws InterruptedException {
        List<StepFiles> steps;
        try {
            steps = crawl.steps(session);
        } catch (CrawlException e) {
            fail(String.valueOf(e.getMessage()), 0);
            return;
        }
        String sessionId = session.getFileName() + target.sessionSuffix();
        ReadStep held = null;
        for (int i = 0; i < steps.size(); i++) {
            ReadStep next = read(steps.get(i), sessionId, i);
            if (next == null) {
                continue;
            }
            if (held != null) {
                send(held.capture().build(), held.bytes());
            }
            held = next;
        }
        if (held != null) {
            send(held.capture().setEndOfSession(true).build(), held.bytes());
        }
    }

    private record ReadStep(StepCapture.Builder capture, long bytes) {}

    private @Nullable ReadStep read(StepFiles step, String sessionId, int index) {
        long bytes = step.size();
        try {
            return new ReadStep(step.read(sessionId, index), bytes);
        } catch (CrawlException e) {
            fail(String.valueOf(e.getMessage()), bytes);
            return null;
        }
    }

    private void send(StepCapture capture, long bytes) throws InterruptedException {
        while (isFull(deliveries.count(), bytes)) {
            awaitNews();
        }
        String name = capture.getSessionId() + "/" + capture.getStepId();
        deliveries.add(name, bytes, publisher.publishAsync(capture));
        tellFailures();
        display.update(progress());
    }

    private static boolean isFull(Deliveries.Count count, long bytes) {
        return count.waiting() > 0
                && (count.waitingBytes() + bytes > MAX_WAITING_BYTES || count.waiting() >= MAX_WAITING_CAPTURES);
    }

    private void awaitNews() throws InterruptedException {
        deliveries.awaitNews(TICK);
        tellFailures();
        display.update(progress());
        Duration silence = deliveries.silence();
        if (silence.compareTo(target.timeout()) >= 0) {
            display.close();
            throw CommandFailure.couldNotRun(
                    "the brokers at " + target.servers() + " have taken nothing for "
                            + target.timeout().toSeconds()
                            + " s; check that they run and that the topic has leaders, then publish again: what is"
                            + " published twice is stored once",
                    null);
        }
        if (silence.compareTo(SAY_AFTER) >= 0 && !saidSilent) {
            saidSilent = true;
            display.note("the brokers at " + target.servers() + " take nothing for now; waiting up to "
                    + target.timeout().toSeconds() + " s (--timeout)");
        } else if (silence.isZero()) {
            saidSilent = false;
        }
    }

    private void fail(String line, long bytes) {
        deliveries.addFailure(line, bytes);
        tellFailures();
    }

    private void tellFailures() {
        for (var failure = deliveries.nextFailure(); failure.isPresent(); failure = deliveries.nextFailure()) {
            named++;
            if (named <= MAX_NAMED) {
                display.note("not published: " + failure.get());
            } else if (named == MAX_NAMED + 1) {
                display.note("not published: more, which are counted and not named");
            }
        }
    }

    private Progress progress() {
        Deliveries.Count count = deliveries.count();
        return new Progress(
                "steps",
                count.acknowledged() + count.failed(),
                totalSteps,
                count.acknowledgedBytes() + count.failedBytes(),
                totalBytes,
                elapsed());
    }

    private Duration elapsed() {
        return Duration.between(start, console.clock().instant());
    }
}

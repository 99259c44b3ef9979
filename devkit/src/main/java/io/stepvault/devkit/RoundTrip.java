package io.stepvault.devkit;

import io.stepvault.capture.CaptureRules;
import io.stepvault.devkit.readback.ReadBack;
import io.stepvault.devkit.readback.StepRevision;
import io.stepvault.event.StepCapture;
import io.stepvault.producer.Acknowledgement;
import io.stepvault.producer.StepPublisher;
import io.stepvault.storage.StepStore;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.Progress;
import io.stepvault.worker.cli.terminal.ProgressDisplay;
import io.stepvault.worker.config.KafkaConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The whole way of a crawl, seen from outside: published through the SDK, told of on the completions topic, read back
 * from the store. A worker must be running. Used by one thread.
 */
final class RoundTrip {
    private static final Duration POLL = Duration.ofMillis(200);

    /** By then everything has been acknowledged, or was waited for long enough. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    private final Crawl crawl;
    private final KafkaConfig kafka;
    private final StepStore store;
    private final Console console;
    private final List<String> differences = new ArrayList<>();

    RoundTrip(Crawl crawl, KafkaConfig kafka, StepStore store, Console console) {
        this.crawl = crawl;
        this.kafka = kafka;
        this.store = store;
        this.console = console;
    }

    /**
     * Goes the whole way.
     *
     * @param timeout how long publishing and completing may take together
     */
    RoundTripReport run(Duration timeout) throws InterruptedException {
        Instant deadline = console.clock().instant().plus(timeout);
        try (Completions completions = Completions.fromNow(kafka)) {
            Set<StepRevision> published = publish(deadline);
            Set<StepRevision> completed = await(published, completions, deadline);
            return readBack(published, completed);
        }
    }

    private Set<StepRevision> publish(Instant deadline) throws InterruptedException {
        Set<StepRevision> published = new LinkedHashSet<>();
        Instant start = console.clock().instant();
        StepPublisher publisher = publisher();
        try (ProgressDisplay display = new ProgressDisplay(console)) {
            Map<StepRevision, CompletableFuture<Acknowledgement>> sent = new LinkedHashMap<>();
            crawl.byRevision().forEach((step, capture) -> sent.put(step, publisher.publishAsync(capture)));
            long bytes = 0;
            for (Map.Entry<StepRevision, CompletableFuture<Acknowledgement>> one : sent.entrySet()) {
                StepRevision step = one.getKey();
                try {
                    one.getValue().get(left(deadline).toMillis(), TimeUnit.MILLISECONDS);
                    published.add(step);
                    bytes += CaptureRules.bytesOf(captureOf(step));
                    display.update(progress(published.size(), bytes, start));
                } catch (ExecutionException e) {
                    differences.add(
                            name(step) + ": not published: " + (e.getCause() == null ? e : e.getCause()).getMessage());
                } catch (TimeoutException e) {
                    differences.add(name(step) + ": not published: the broker did not acknowledge it in time");
                }
            }
            display.end(progress(published.size(), bytes, start));
        } finally {
            publisher.close(CLOSE_TIMEOUT);
        }
        return published;
    }

    private StepPublisher publisher() {
        return StepPublisher.to(kafka.bootstrapServers())
                .topic(kafka.topics().captures())
                .kafka(kafka.publisherProperties())
                .open();
    }

    private Set<StepRevision> await(Set<StepRevision> published, Completions completions, Instant deadline)
            throws InterruptedException {
        Set<StepRevision> completed = new LinkedHashSet<>();
        while (!completed.containsAll(published) && !left(deadline).isZero()) {
            for (StepRevision step : completions.poll(POLL)) {
                if (crawl.byRevision().containsKey(step)) {
                    completed.add(step);
                }
            }
        }
        for (StepRevision step : published) {
            if (!completed.contains(step)) {
                differences.add(name(step) + ": no completion arrived in time");
            }
        }
        return completed;
    }

    private RoundTripReport readBack(Set<StepRevision> published, Set<StepRevision> completed)
            throws InterruptedException {
        ReadBack readBack = new ReadBack(store);
        Map<StepRevision, ReadBack.Result> results = new LinkedHashMap<>();
        for (Map.Entry<StepRevision, StepCapture> one : crawl.byRevision().entrySet()) {
            ReadBack.Result result = readBack.compare(one.getValue());
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while reading back");
            }
            results.put(one.getKey(), result);
            differences.addAll(result.differences());
        }
        return new RoundTripReport(
                crawl.sessions().stream()
                        .map(session -> row(session, published, completed, results))
                        .toList(),
                List.copyOf(differences));
    }

    private RoundTripReport.Session row(
            String session,
            Set<StepRevision> published,
            Set<StepRevision> completed,
            Map<StepRevision, ReadBack.Result> results) {
        List<StepRevision> steps = crawl.byRevision().keySet().stream()
                .filter(step -> step.sessionId().equals(session))
                .toList();
        List<ReadBack.Result> read = steps.stream().map(results::get).toList();
        return new RoundTripReport.Session(
                session,
                steps.size(),
                (int) steps.stream().filter(published::contains).count(),
                (int) read.stream().filter(ReadBack.Result::found).count(),
                (int) steps.stream().filter(completed::contains).count(),
                new RoundTripReport.Session.Artifacts(
                        read.stream().mapToInt(ReadBack.Result::artifacts).sum(),
                        read.stream().mapToInt(ReadBack.Result::verified).sum()));
    }

    private Progress progress(int done, long bytes, Instant start) {
        return new Progress(
                "steps published",
                done,
                crawl.captures().size(),
                bytes,
                crawl.bytes(),
                Duration.between(start, console.clock().instant()));
    }

    private Duration left(Instant deadline) {
        Duration left = Duration.between(console.clock().instant(), deadline);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private StepCapture captureOf(StepRevision step) {
        return Objects.requireNonNull(crawl.byRevision().get(step));
    }

    private static String name(StepRevision step) {
        return "session " + step.sessionId() + ", step " + step.stepId();
    }
}

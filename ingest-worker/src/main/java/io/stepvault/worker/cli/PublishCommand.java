package io.stepvault.worker.cli;

import io.stepvault.producer.OverflowPolicy;
import io.stepvault.producer.StepPublisher;
import io.stepvault.worker.cli.CrawlPublication.PublishTarget;
import io.stepvault.worker.cli.crawl.CrawlDirectory;
import io.stepvault.worker.cli.crawl.CrawlException;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.ProgressDisplay;
import io.stepvault.worker.config.DurationText;
import io.stepvault.worker.config.KafkaConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes a crawl that lies in a directory. */
@Command(
        name = "publish",
        description = {
            "Publishes a crawl from a directory: SESSION/STEP/ with page.html, screenshot.png, action.json and"
                    + " attachments/, any of which may be missing.",
            "Steps go out in the order of their names; url and captured_at are taken from action.json, else the time"
                    + " is that of the files. Publishing twice stores once."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault publish crawl/ --bootstrap localhost:9092",
            "  stepvault publish crawl/ --config worker.properties --session-suffix=-test"
        })
final class PublishCommand implements Callable<Integer> {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(1);

    @Parameters(paramLabel = "DIR", description = "The directory of the crawl.")
    private Path directory = Path.of("");

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Option(names = "--topic", paramLabel = "TOPIC", description = "Default: topic.captures of the configuration.")
    private Optional<String> topic = Optional.empty();

    @Option(
            names = "--session-suffix",
            paramLabel = "TEXT",
            description = "Added to each session's id, to publish a crawl again as another.")
    private String sessionSuffix = "";

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            description = "How long brokers may take nothing before this ends (default: ${DEFAULT-VALUE}).")
    private String timeout = "60s";

    @Option(names = "--json", description = "Print the summary as a JSON object.")
    private boolean json;

    private final Console console;

    PublishCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        Duration patience = patience();
        CrawlDirectory crawl = open();
        KafkaConfig kafka = cluster.kafka(console.environment());
        String captures = topic.orElse(kafka.topics().captures());
        new TopicWait(kafka, console, patience).await(captures);
        PublishTarget target = new PublishTarget(kafka.bootstrapServers(), sessionSuffix, patience);
        try (ProgressDisplay display = new ProgressDisplay(console);
                ClosedSoon opened = new ClosedSoon(open(kafka, captures, patience))) {
            CrawlPublication publication = new CrawlPublication(opened.publisher(), target, console, display);
            try {
                publication.publish(crawl);
            } finally {
                tell(publication.summary()); // also when it is given up half-way
            }
            return publication.summary().exitCode();
        } catch (CrawlException e) {
            throw CommandFailure.couldNotRun(String.valueOf(e.getMessage()), e);
        }
    }

    private void tell(PublishSummary summary) {
        if (json) {
            console.json(summary::json);
        } else {
            console.line(summary.text());
        }
    }

    private CrawlDirectory open() {
        try {
            return CrawlDirectory.open(directory);
        } catch (CrawlException e) {
            throw CommandFailure.usage(List.of(String.valueOf(e.getMessage())), e);
        }
    }

    private Duration patience() {
        try {
            return DurationText.parse(timeout);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("--timeout: '" + timeout + "' " + e.getMessage());
        }
    }

    private static StepPublisher open(KafkaConfig kafka, String topic, Duration patience) {
        try {
            return StepPublisher.to(kafka.bootstrapServers())
                    .topic(topic)
                    .overflow(OverflowPolicy.block(patience))
                    .kafka(kafka.publisherProperties())
                    .open();
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(List.of(String.valueOf(e.getMessage()).split("\n")), e);
        }
    }

    /** By the time it is closed everything has arrived, or was waited for long enough. */
    private record ClosedSoon(StepPublisher publisher) implements AutoCloseable {
        @Override
        public void close() {
            publisher.close(CLOSE_TIMEOUT);
        }
    }
}

package io.stepvault.worker.cli;

import io.stepvault.event.BatchStored;
import io.stepvault.wire.SingleObjectCodec;
import io.stepvault.wire.UndecodableException;
import io.stepvault.worker.cli.cluster.TopicReader;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.config.KafkaConfig;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows completion events. */
@Command(
        name = "completions",
        description = {
            "Shows what workers announce as stored: one line per session batch.",
            "Shows what is there and ends, or goes on with --follow until it is stopped. Joins no group, so it takes"
                    + " nothing away from anyone."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault completions --bootstrap localhost:9092",
            "  stepvault completions --config worker.properties --follow --from latest --session crawl-17",
            "  stepvault completions --bootstrap localhost:9092 --json | jq .steps[].artifacts[].uri"
        })
final class CompletionsCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Where to begin. */
    enum From {
        /** With the first event that the topic still has. */
        EARLIEST,
        /** With what comes from now on. */
        LATEST
    }

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Option(names = "--topic", paramLabel = "TOPIC", description = "Default: topic.completions of the configuration.")
    private Optional<String> topic = Optional.empty();

    @Option(names = "--session", paramLabel = "SESSION", description = "Only this session's.")
    private Optional<String> session = Optional.empty();

    @Option(names = "--from", paramLabel = "earliest|latest", description = "Where to begin (default: earliest).")
    private From from = From.EARLIEST;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what comes, until stopped.")
    private boolean follow;

    @Option(names = "--limit", paramLabel = "N", description = "End after so many.")
    private Optional<Long> limit = Optional.empty();

    @Option(names = "--json", description = "Print each as a JSON object on a line of its own.")
    private boolean json;

    private final Console console;

    CompletionsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (from == From.LATEST && !follow) {
            throw CommandFailure.usage("--from latest shows nothing by itself; add --follow");
        }
        if (limit.filter(max -> max < 1).isPresent()) {
            throw CommandFailure.usage("--limit: '" + limit.get() + "' is not allowed; expected 1 or more");
        }
        KafkaConfig kafka = cluster.kafka(console.environment());
        Printer printer = new Printer();
        try (TopicReader reader =
                TopicReader.open(kafka, topic.orElse(kafka.topics().completions()), TIMEOUT)) {
            if (from == From.LATEST) {
                reader.skipToEnd();
            }
            while (printer.wantsMore() && (follow || !reader.isAtEnd())) {
                for (ConsumerRecord<byte[], byte[]> record : reader.read()) {
                    if (printer.wantsMore()) {
                        printer.print(record);
                    }
                }
            }
        }
        return printer.undecodable > 0 ? ExitCode.PROBLEMS : ExitCode.DONE;
    }

    private final class Printer {
        private final SingleObjectCodec<BatchStored> codec = SingleObjectCodec.completions();
        private long printed;
        private long undecodable;

        boolean wantsMore() {
            return !console.isClosed() && (limit.isEmpty() || printed < limit.get());
        }

        void print(ConsumerRecord<byte[], byte[]> record) {
            BatchStored event;
            try {
                event = codec.decode(record.value() == null ? new byte[0] : record.value());
            } catch (UndecodableException e) {
                undecodable++;
                console.note(record.topic() + "-" + record.partition() + "@" + record.offset()
                        + " is no completion event: " + e.getMessage());
                return;
            }
            if (session.isPresent() && !session.get().equals(event.getSessionId())) {
                return;
            }
            printed++;
            CompletionText text = new CompletionText(event);
            if (json) {
                console.json(text::json);
            } else {
                console.line(text.line());
            }
        }
    }
}

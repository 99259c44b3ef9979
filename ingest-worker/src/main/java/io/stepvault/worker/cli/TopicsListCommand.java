package io.stepvault.worker.cli;

import io.stepvault.worker.cli.cluster.Cluster;
import io.stepvault.worker.cli.cluster.PlannedTopic;
import io.stepvault.worker.cli.cluster.TopicState;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.cli.terminal.Table;
import io.stepvault.worker.config.DurationText;
import io.stepvault.worker.config.KafkaConfig;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists the three topics as they are on the cluster. */
@Command(
        name = "list",
        description = "Lists the topics of captures, completions and dead letters as they are. Ends with 1 if one is"
                + " missing, or if the source topic is compacted.",
        footer = {"", "Example:", "  stepvault topics list --bootstrap localhost:9092"})
final class TopicsListCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Option(names = "--json", description = "Print one JSON object per topic.")
    private boolean json;

    private final Console console;

    TopicsListCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        KafkaConfig kafka = cluster.kafka(console.environment());
        int exitCode = ExitCode.DONE;
        Table table = new Table()
                .column("TOPIC")
                .numbers("PARTITIONS")
                .numbers("REPLICAS")
                .column("CLEANUP")
                .column("KEPT FOR");
        try (Cluster brokers = Cluster.of(kafka, TIMEOUT)) {
            for (PlannedTopic topic : PlannedTopic.all(kafka.topics(), PlannedTopic.DEFAULT_PARTITIONS)) {
                Optional<TopicState> state = TopicState.find(brokers, topic.name());
                boolean refused = topic.name().equals(kafka.topics().captures())
                        && state.filter(TopicState::isCompacted).isPresent();
                if (state.isEmpty() || refused) {
                    exitCode = ExitCode.PROBLEMS;
                }
                tell(topic.name(), state, table);
            }
        }
        table.lines().forEach(console::line);
        return exitCode;
    }

    private void tell(String topic, Optional<TopicState> found, Table table) {
        if (json) {
            console.json(fields -> {
                fields.writeStringField("topic", topic);
                fields.writeBooleanField("exists", found.isPresent());
                if (found.isPresent()) {
                    TopicState state = found.get();
                    fields.writeNumberField("partitions", state.partitions());
                    fields.writeNumberField("replicas", state.replicas());
                    fields.writeStringField("cleanup_policy", state.cleanupPolicy());
                    if (state.retention().isPresent()) {
                        fields.writeNumberField(
                                "retention_ms", state.retention().get().toMillis());
                    }
                }
            });
        } else if (found.isPresent()) {
            TopicState state = found.get();
            table.row(
                    topic,
                    Integer.toString(state.partitions()),
                    Integer.toString(state.replicas()),
                    state.cleanupPolicy(),
                    state.retention().map(DurationText::format).orElse("ever"));
        } else {
            table.row(topic, "-", "-", "missing", "-");
        }
    }
}

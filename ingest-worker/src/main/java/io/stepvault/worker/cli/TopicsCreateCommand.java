package io.stepvault.worker.cli;

import io.stepvault.worker.cli.cluster.Cluster;
import io.stepvault.worker.cli.cluster.PlannedTopic;
import io.stepvault.worker.cli.cluster.TopicState;
import io.stepvault.worker.cli.terminal.Amounts;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.config.KafkaConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Creates the topics that are missing. */
@Command(
        name = "create",
        description = {
            "Creates the topics of captures, completions and dead letters.",
            "Topics that exist are left as they are. A source topic that is compacted is reported: compaction would"
                    + " lose steps."
        },
        footer = {
            "",
            "Examples:",
            "  stepvault topics create --bootstrap localhost:9092",
            "  stepvault topics create --config worker.properties --partitions 24 --replication-factor 3"
        })
final class TopicsCreateCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long LOOK_AGAIN_MS = 50;

    @Mixin
    private ClusterOptions cluster = new ClusterOptions();

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Partitions of the topics of captures and completions (default: ${DEFAULT-VALUE}).")
    private int partitions = PlannedTopic.DEFAULT_PARTITIONS;

    @Option(names = "--replication-factor", paramLabel = "N", description = "Default: the brokers' own.")
    private Optional<Short> replicationFactor = Optional.empty();

    @Option(names = "--json", description = "Print one JSON object per topic.")
    private boolean json;

    private final Console console;

    TopicsCreateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        if (partitions < 1) {
            throw CommandFailure.usage("--partitions: '" + partitions + "' is not allowed; expected 1 or more");
        }
        KafkaConfig kafka = cluster.kafka(console.environment());
        try (Cluster brokers = Cluster.of(kafka, TIMEOUT)) {
            for (PlannedTopic topic : PlannedTopic.all(kafka.topics(), partitions)) {
                tell(topic, create(brokers, topic));
            }
            return refuseCompaction(brokers, kafka.topics().captures());
        }
    }

    /** Says whether it was created; if not, it was there. */
    private boolean create(Cluster brokers, PlannedTopic topic) {
        KafkaFuture<Void> answer = brokers.admin()
                .createTopics(List.of(topic.toNewTopic(replicationFactor)))
                .all();
        try {
            brokers.get(answer);
        } catch (TopicExistsException e) {
            return false;
        } catch (KafkaException e) {
            throw CommandFailure.couldNotRun(
                    "cannot create topic " + topic.name() + ": " + e.getMessage()
                            + "; it needs the right to CREATE it, and as many brokers as --replication-factor says",
                    e);
        }
        awaitSeen(brokers, topic.name());
        return true;
    }

    /** Brokers hear of a new topic a moment after it was made; whoever publishes next should not meet one that has not. */
    private void awaitSeen(Cluster brokers, String topic) {
        Instant end = console.clock().instant().plus(TIMEOUT);
        try {
            while (TopicState.find(brokers, topic).isEmpty()
                    && console.clock().instant().isBefore(end)) {
                Thread.sleep(LOOK_AGAIN_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(PlannedTopic topic, boolean created) {
        if (json) {
            console.json(fields -> {
                fields.writeStringField("topic", topic.name());
                fields.writeBooleanField("created", created);
            });
        } else if (created) {
            console.line("created  " + topic.name() + "  " + Amounts.count(topic.partitions(), "partition")
                    + ", records kept for " + topic.retention().toDays() + " days");
        } else {
            console.line("exists   " + topic.name() + "  left as it is");
        }
    }

    private int refuseCompaction(Cluster brokers, String captures) {
        boolean compacted = TopicState.find(brokers, captures)
                .filter(TopicState::isCompacted)
                .isPresent();
        if (compacted) {
            console.note("stepvault: topic " + captures + " is compacted, which would lose steps, and workers refuse"
                    + " it; set its cleanup.policy to delete, or name another topic in topic.captures");
        }
        return compacted ? ExitCode.PROBLEMS : ExitCode.DONE;
    }
}

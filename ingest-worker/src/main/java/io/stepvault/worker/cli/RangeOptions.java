package io.stepvault.worker.cli;

import io.stepvault.worker.cli.cluster.Cluster;
import io.stepvault.worker.cli.cluster.ClusterException;
import io.stepvault.worker.cli.cluster.TopicState;
import io.stepvault.worker.config.ConfigKey;
import io.stepvault.worker.config.KafkaConfig;
import io.stepvault.worker.config.WorkerConfig;
import io.stepvault.worker.config.WorkerKeys;
import io.stepvault.worker.replay.RangePoint;
import io.stepvault.worker.replay.SessionGlob;
import io.stepvault.worker.replay.TopicRange;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which captures of a topic a command is about, and which store. */
final class RangeOptions {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    @Option(
            names = {"-b", "--bootstrap"},
            paramLabel = "HOST:PORT",
            description = "Brokers to ask first, separated by commas. Wins over the configuration.")
    private Optional<String> bootstrap = Optional.empty();

    @Option(
            names = {"-s", "--store"},
            paramLabel = "URI",
            description = "s3://bucket/prefix or file:///directory. Wins over the configuration. For S3-compatible"
                    + " servers: s3://bucket/prefix?endpoint=http://host:port")
    private Optional<String> store = Optional.empty();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(
            names = {"-t", "--topic"},
            paramLabel = "TOPIC",
            description = "The topic of step captures (default: that of the configuration).")
    private Optional<String> topic = Optional.empty();

    @Option(
            names = "--from",
            paramLabel = "POINT",
            description = "Where to begin in each partition: a time of the records (2026-11-22T08:00:00Z, 2026-11-22,"
                    + " or 36h: so long ago), an offset, or earliest (default: earliest).")
    private String from = "earliest";

    @Option(
            names = "--to",
            paramLabel = "POINT",
            description = "Where to end, likewise; the point itself is not part of it (default: latest, the end at this"
                    + " moment).")
    private String to = "latest";

    @Option(names = "--partitions", paramLabel = "LIST", description = "Only these: 0,3,7-9 (default: all).")
    private Optional<String> partitions = Optional.empty();

    @Option(
            names = "--sessions",
            paramLabel = "GLOB",
            description = "Only sessions whose id matches: * stands for any characters, ? for one.")
    private Optional<String> sessions = Optional.empty();

    /** The configuration, with what the options say. */
    WorkerConfig config(Map<String, String> environment) {
        Map<String, String> standIns = new HashMap<>();
        put(standIns, WorkerKeys.KAFKA_BOOTSTRAP_SERVERS, "--bootstrap", bootstrap);
        put(standIns, WorkerKeys.TOPIC_CAPTURES, "--topic", topic);
        put(standIns, WorkerKeys.STORE_URI, "--store", store);
        require(
                environment,
                WorkerKeys.KAFKA_BOOTSTRAP_SERVERS,
                bootstrap,
                "no brokers named; add --bootstrap HOST:PORT");
        require(environment, WorkerKeys.STORE_URI, store, "no store named; add --store URI");
        return config.forJob(environment, standIns);
    }

    private static void put(Map<String, String> standIns, ConfigKey<?> key, String option, Optional<String> value) {
        value.ifPresent(text -> {
            try {
                Object unused = key.parse(text);
            } catch (IllegalArgumentException e) {
                throw CommandFailure.usage(option + ": '" + text + "' " + e.getMessage());
            }
            standIns.put(key.environmentName(), text);
        });
    }

    private void require(Map<String, String> environment, ConfigKey<?> key, Optional<String> given, String otherwise) {
        if (given.isEmpty() && !config.isGiven(environment, key.environmentName())) {
            throw CommandFailure.usage(otherwise + " or --config FILE, or set " + key.environmentName());
        }
    }

    /** The range, as it was written. */
    TopicRange range(Clock clock) {
        return new TopicRange(
                parse("--from", from, text -> RangePoint.parse(text, clock)),
                parse("--to", to, text -> RangePoint.parse(text, clock)),
                partitions.map(text -> parse("--partitions", text, TopicRange::parsePartitions)));
    }

    private static <T> T parse(String option, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage(option + ": '" + text + "' " + e.getMessage());
        }
    }

    /** Takes the ids of the sessions that are asked for. */
    SessionGlob sessions() {
        return new SessionGlob(sessions.orElse("*"));
    }

    /** For people: {@code step-captures from 36h to latest}. */
    String describe(WorkerConfig effective) {
        return effective.kafka().topics().captures() + " from " + from + " to " + to
                + partitions.map(list -> ", partitions " + list).orElse("")
                + sessions.map(glob -> ", sessions " + glob).orElse("");
    }

    /**
     * Sees to it that the topic is there, with the partitions that are asked for.
     *
     * @throws CommandFailure if it is not
     * @throws ClusterException if no broker answers
     */
    static void requireTopic(KafkaConfig kafka, TopicRange range) {
        String topic = kafka.topics().captures();
        try (Cluster cluster = Cluster.of(kafka, TIMEOUT)) {
            TopicState state = TopicState.find(cluster, topic)
                    .orElseThrow(() -> ClusterException.noTopic(kafka.bootstrapServers(), topic));
            int highest = range.partitions().map(NavigableSet::last).orElse(0);
            if (highest >= state.partitions()) {
                throw CommandFailure.usage("--partitions: there is no partition " + highest + "; topic " + topic
                        + " has 0 to " + (state.partitions() - 1));
            }
        } catch (KafkaException e) {
            throw CommandFailure.couldNotRun("cannot look up topic " + topic + ": " + e.getMessage(), e);
        }
    }
}

package io.stepvault.producer.completion;

import io.stepvault.event.BatchStored;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Configures a listener for completions and starts it. Every setting has a default but the bootstrap servers.
 *
 * <p>Not safe for concurrent use; can be started more than once.
 */
public final class CompletionsBuilder {
    /** The topic that workers write unless told otherwise. */
    public static final String DEFAULT_TOPIC = "step-captures.completed";

    private static final Pattern SERVERS = Pattern.compile("[^,\\s]+:\\d{1,5}(\\s*,\\s*[^,\\s]+:\\d{1,5})*");
    private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}");

    private static final Map<String, Object> DEFAULTS = Map.of(
            ConsumerConfig.CLIENT_ID_CONFIG,
            "stepvault-completions",
            // How soon new partitions are noticed.
            ConsumerConfig.METADATA_MAX_AGE_CONFIG,
            10_000,
            // The callback has max.poll.interval.ms (5 minutes) for so many.
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            100,
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            15_000,
            ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
            10_000);

    private static final Map<String, Object> FIXED = Map.of(
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
            ByteArrayDeserializer.class.getName(),
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
            ByteArrayDeserializer.class.getName(),
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "none",
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false);

    private final String bootstrapServers;
    private final Map<String, Object> kafkaProperties = new LinkedHashMap<>();
    private String topic = DEFAULT_TOPIC;
    private CompletionStart start = CompletionStart.latest();
    private Optional<String> group = Optional.empty();
    private Optional<Set<String>> sessions = Optional.empty();

    CompletionsBuilder(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /** The topic; {@value #DEFAULT_TOPIC} unless set. */
    public CompletionsBuilder topic(String topic) {
        this.topic = topic;
        return this;
    }

    /** Where to start; {@link CompletionStart#latest()} unless set. With a group, where it has committed nothing yet. */
    public CompletionsBuilder from(CompletionStart start) {
        this.start = start;
        return this;
    }

    /**
     * Shares the topic with the other members of a consumer group, and goes on where the group left off. Without it, this
     * listener reads all partitions from the start, each time it is started.
     */
    public CompletionsBuilder group(String id) {
        this.group = Optional.of(id);
        return this;
    }

    /** The callback is told of these sessions only. */
    public CompletionsBuilder onlySessions(Collection<String> sessionIds) {
        this.sessions = Optional.of(Set.copyOf(sessionIds));
        return this;
    }

    /**
     * Passes a property on to Kafka's consumer: security and the like. Refused are those on which the guarantees rest:
     * deserializers, {@code isolation.level}, {@code enable.auto.commit}, {@code auto.offset.reset}, {@code group.id}.
     */
    public CompletionsBuilder kafka(String property, Object value) {
        kafkaProperties.put(property, value);
        return this;
    }

    /** Passes several properties on, as {@link #kafka(String, Object)}. */
    public CompletionsBuilder kafka(Map<String, ?> properties) {
        kafkaProperties.putAll(properties);
        return this;
    }

    /**
     * Starts to listen. Needs no broker: Kafka is contacted on a daemon thread, again and again until it answers.
     *
     * @param callback is told of each completion, one at a time, on that thread. It should not take longer than {@code
     *     max.poll.interval.ms} for {@code max.poll.records} (5 minutes for 100), or the group takes the partitions away.
     *     What it throws is logged and counted, and the next completion follows: to have one told again, keep it yourself
     * @throws IllegalArgumentException if a setting is wrong; the message has one line for each mistake
     */
    public StepCompletions listen(Consumer<BatchStored> callback) {
        Map<String, Object> properties = properties();
        StepWatches watches = new StepWatches();
        Listener listener = new Listener(sessions, watches, callback);
        CompletionFollower follower = new CompletionFollower(
                () -> new KafkaConsumer<byte[], byte[]>(properties),
                group.isPresent() ? new GroupMember(topic, start) : new AllPartitions(topic, start),
                listener,
                watches::close);
        follower.start();
        return new StepCompletions(follower, listener, watches, group.isEmpty());
    }

    private Map<String, Object> properties() {
        List<String> mistakes = new ArrayList<>();
        if (!SERVERS.matcher(bootstrapServers.strip()).matches()) {
            mistakes.add("bootstrap servers are not a list of host:port, separated by commas");
        }
        if (!TOPIC.matcher(topic).matches()) {
            mistakes.add("topic is not a name of 1 to 249 letters, digits, dots, dashes and underscores");
        }
        if (group.isPresent() && group.get().isBlank()) {
            mistakes.add("group is blank; leave it out to read all partitions");
        }
        for (String property : new TreeSet<>(kafkaProperties.keySet())) {
            if (FIXED.containsKey(property)
                    || property.equals(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG)
                    || property.equals(ConsumerConfig.GROUP_ID_CONFIG)) {
                mistakes.add("Kafka property " + property + " is set by the listener itself; leave it out");
            }
        }
        Map<String, Object> properties = new HashMap<>(DEFAULTS);
        properties.putAll(kafkaProperties);
        properties.putAll(FIXED);
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers.strip());
        group.ifPresent(id -> properties.put(ConsumerConfig.GROUP_ID_CONFIG, id));
        try {
            ConsumerConfig unused = new ConsumerConfig(properties);
        } catch (ConfigException e) {
            mistakes.add("Kafka property: " + e.getMessage());
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException("Completions cannot be listened for:\n" + String.join("\n", mistakes));
        }
        return properties;
    }
}

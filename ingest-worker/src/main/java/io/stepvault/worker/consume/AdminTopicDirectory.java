package io.stepvault.worker.consume;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Looks topics up through Kafka's admin client. Safe for any thread. */
public final class AdminTopicDirectory implements TopicDirectory {
    private final Admin admin;
    private final String bootstrapServers;
    private final Duration timeout;

    /** A directory that waits at most {@code timeout} for each answer. */
    public AdminTopicDirectory(Admin admin, String bootstrapServers, Duration timeout) {
        this.admin = admin;
        this.bootstrapServers = bootstrapServers;
        this.timeout = timeout;
    }

    @Override
    public Lookup find(String topic) {
        try {
            TopicDescription described = requireNonNull(admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .get(topic));
            return isCompacted(topic)
                    ? new Lookup.Refused(
                            "topic " + topic + " has cleanup.policy=compact, which would lose steps: set it"
                                    + " to delete, or name another topic in topic.captures")
                    : new Lookup.Found(described.topicId().toString(), clusterId());
        } catch (ExecutionException e) {
            return new Lookup.NotYet(explain(topic, e.getCause()));
        } catch (TimeoutException e) {
            return new Lookup.NotYet(unreachable());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Lookup.NotYet("interrupted");
        }
    }

    private String clusterId() throws ExecutionException, TimeoutException, InterruptedException {
        return admin.describeCluster().clusterId().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    private boolean isCompacted(String topic) throws ExecutionException, TimeoutException, InterruptedException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try {
            Config config = requireNonNull(admin.describeConfigs(List.of(resource))
                    .all()
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .get(resource));
            ConfigEntry policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
            return policy != null && String.valueOf(policy.value()).contains(TopicConfig.CLEANUP_POLICY_COMPACT);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return false; // A worker need not be allowed to read configurations; `doctor` says so.
            }
            throw e;
        }
    }

    private String explain(String topic, @Nullable Throwable cause) {
        if (cause instanceof UnknownTopicOrPartitionException) {
            return "topic " + topic + " does not exist: create it with `stepvault topics create`";
        }
        if (cause instanceof AuthorizationException) {
            return "not allowed to describe topic " + topic + ": grant DESCRIBE and READ on it";
        }
        if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
            return unreachable();
        }
        return "looking up topic " + topic + " failed: " + cause;
    }

    private String unreachable() {
        return "the brokers at " + bootstrapServers + " do not answer: check kafka.bootstrap.servers and that they run";
    }
}

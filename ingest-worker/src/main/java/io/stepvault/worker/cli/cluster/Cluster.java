package io.stepvault.worker.cli.cluster;

import io.stepvault.worker.config.KafkaConfig;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A Kafka cluster that a command asks things. Safe for any thread. */
public final class Cluster implements AutoCloseable {
    private final Admin admin;
    private final String servers;
    private final Duration timeout;

    private Cluster(Admin admin, String servers, Duration timeout) {
        this.admin = admin;
        this.servers = servers;
        this.timeout = timeout;
    }

    /**
     * A cluster whose answers are waited for at most so long.
     *
     * @throws ClusterException if no broker's host name resolves, or the properties are refused
     */
    public static Cluster of(KafkaConfig kafka, Duration timeout) {
        Map<String, Object> properties = kafka.adminProperties();
        properties.put("default.api.timeout.ms", Math.toIntExact(timeout.toMillis()));
        properties.put("request.timeout.ms", Math.toIntExact(timeout.toMillis()));
        try {
            return new Cluster(Admin.create(properties), kafka.bootstrapServers(), timeout);
        } catch (KafkaException e) {
            throw ClusterException.unreachable(kafka.bootstrapServers(), rootMessage(e), e);
        }
    }

    /** For questions, whose answers {@link #get} waits for. */
    public Admin admin() {
        return admin;
    }

    /** The brokers to ask first. */
    public String servers() {
        return servers;
    }

    /**
     * Waits for an answer.
     *
     * @throws KafkaException what a broker says against it
     * @throws ClusterException if no broker answers, or none lets this client in
     */
    public <T> T get(KafkaFuture<T> answer) {
        try {
            return answer.get(timeout.toMillis() + 1_000, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw translate(servers, timeout, e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw ClusterException.unreachable(servers, noAnswer(timeout), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        }
    }

    /** What a Kafka client's failure means to whoever ran the command. */
    static RuntimeException translate(String servers, Duration timeout, @Nullable Throwable failure) {
        if (failure instanceof TimeoutException || failure instanceof DisconnectException) {
            return ClusterException.unreachable(servers, noAnswer(timeout), failure);
        } else if (failure instanceof AuthenticationException) {
            return ClusterException.refused(servers, failure);
        } else if (failure instanceof KafkaException kafka) {
            return kafka;
        }
        return new KafkaException(failure);
    }

    private static String noAnswer(Duration timeout) {
        return "no answer within " + timeout.toSeconds() + " s";
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
    }
}

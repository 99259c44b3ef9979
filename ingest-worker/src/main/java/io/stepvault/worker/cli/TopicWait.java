package io.stepvault.worker.cli;

import io.stepvault.worker.cli.cluster.Cluster;
import io.stepvault.worker.cli.cluster.ClusterException;
import io.stepvault.worker.cli.cluster.TopicState;
import io.stepvault.worker.cli.terminal.Console;
import io.stepvault.worker.config.KafkaConfig;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.KafkaException;

/** Waits for brokers that are not there yet, and says so. Used by a command's own thread. */
final class TopicWait {
    private static final Duration ATTEMPT = Duration.ofSeconds(5);
    private static final long PAUSE_MS = 500;

    private final KafkaConfig kafka;
    private final Console console;
    private final Duration patience;

    TopicWait(KafkaConfig kafka, Console console, Duration patience) {
        this.kafka = kafka;
        this.console = console;
        this.patience = patience;
    }

    /**
     * Returns once the brokers know the topic.
     *
     * @throws ClusterException if they don't, or if they don't answer in time
     * @throws CommandFailure if this client may not see it
     */
    void await(String topic) throws InterruptedException {
        Instant end = console.clock().instant().plus(patience);
        boolean said = false;
        while (true) {
            Duration left = Duration.between(console.clock().instant(), end);
            Duration attempt = left.compareTo(ATTEMPT) < 0 ? left : ATTEMPT;
            try {
                look(topic, attempt.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : attempt);
                return;
            } catch (ClusterException e) {
                if (!e.isUnreachable()) {
                    throw e;
                }
                left = Duration.between(console.clock().instant(), end);
                if (left.isNegative() || left.isZero()) {
                    throw e;
                }
                if (!said) {
                    said = true;
                    console.note(e.getMessage() + "; waiting up to " + left.toSeconds() + " s more (--timeout)");
                }
                Thread.sleep(Math.min(PAUSE_MS, left.toMillis() + 1));
            }
        }
    }

    private void look(String topic, Duration timeout) {
        try (Cluster brokers = Cluster.of(kafka, timeout)) {
            if (TopicState.find(brokers, topic).isEmpty()) {
                throw ClusterException.noTopic(kafka.bootstrapServers(), topic);
            }
        } catch (KafkaException e) {
            throw CommandFailure.couldNotRun("cannot look up topic " + topic + ": " + e.getMessage(), e);
        }
    }
}

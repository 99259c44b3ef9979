package io.stepvault.worker.cli.doctor;

import io.stepvault.worker.cli.cluster.BrokerSettings;
import io.stepvault.worker.cli.cluster.Cluster;
import io.stepvault.worker.cli.cluster.ClusterException;
import io.stepvault.worker.config.ByteSize;
import io.stepvault.worker.config.KafkaConfig;
import io.stepvault.worker.config.WorkerConfig;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;

/** Looks at everything that a worker needs, one thing after the other. Used by a command's own thread. */
public final class Doctor {
    private static final Duration TIMEOUT = Duration.ofSeconds(8);

    private final Clock clock;
    private final ByteSize heap;
    private final Consumer<Finding> findings;

    /**
     * A doctor who tells each finding at once.
     *
     * @param heap the heap of the JVM that is to carry the worker's memory budget
     */
    public Doctor(Clock clock, ByteSize heap, Consumer<Finding> findings) {
        this.clock = clock;
        this.heap = heap;
        this.findings = findings;
    }

    /** Looks at what does not depend on a configuration. */
    public void examineHost() {
        findings.accept(HostCheck.java(Runtime.version().feature()));
    }

    /** Looks at everything else. */
    public void examine(WorkerConfig config) {
        findings.accept(HostCheck.memory(config.budget().memory(), heap));
        if ("file".equalsIgnoreCase(config.store().uri().getScheme())) {
            findings.accept(HostCheck.disk(config.store().uri()));
        }
        findings.accept(new SpoolCheck(config.store().spool()).look());
        findings.accept(StoreCheck.look(config.store().uri()));
        RegistryCheck.look(config.kafka()).forEach(findings);
        examineCluster(config);
        findings.accept(new ClockCheck(clock).look(config));
    }

    private void examineCluster(WorkerConfig config) {
        KafkaConfig kafka = config.kafka();
        try (Cluster cluster = Cluster.of(kafka, TIMEOUT)) {
            findings.accept(brokers(cluster));
            new TopicCheck(cluster, kafka.topics()).look().forEach(findings);
            new GroupCheck(cluster, kafka).look().forEach(findings);
            BrokerSettings settings = BrokerSettings.of(cluster);
            findings.accept(
                    new TransactionCheck(cluster, settings, config.commit().delivery(), kafka.transactionTimeout())
                            .look());
            findings.accept(new TakeoverCheck(settings).look(config));
        } catch (ClusterException e) {
            findings.accept(Finding.fail("brokers", String.valueOf(e.getMessage())));
            findings.accept(Finding.warn(
                    "topics, group", "not looked at, since no broker answers", "mend that first, and run this again"));
        } catch (KafkaException e) {
            findings.accept(Finding.fail(
                    "brokers", "they answer with: " + e.getMessage(), "check the rights of this client and kafka.*"));
        }
    }

    private static Finding brokers(Cluster cluster) {
        Collection<Node> nodes = cluster.get(cluster.admin().describeCluster().nodes());
        String answer = nodes.size()
                + (nodes.size() == 1 ? " broker answers at " : " brokers, found through ")
                + cluster.servers();
        return nodes.isEmpty()
                ? Finding.fail("brokers", "the cluster at " + cluster.servers() + " has none", "start its brokers")
                : Finding.ok("brokers", answer);
    }
}

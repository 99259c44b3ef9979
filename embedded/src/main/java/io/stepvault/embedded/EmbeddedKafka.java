package io.stepvault.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka cluster inside this JVM: a KRaft controller and one or more brokers, real ones, listening on loopback.
 *
 * <pre>{@code
 * try (EmbeddedKafka kafka = EmbeddedKafka.builder().start()) {
 *     properties.put("bootstrap.servers", kafka.bootstrapServers());
 * }
 * }</pre>
 *
 * <p>Brokers are numbered from 1. The controller is a node of its own, so that every single broker can be stopped and
 * the others go on. Kafka ends its process ({@code Runtime.halt}) when it can no longer write to a log directory: this
 * JVM then. Safe for use by several threads; starts and stops happen one after the other.
 */
public final class EmbeddedKafka implements AutoCloseable {
    private final DataDirectory data;
    private final String clusterId;
    private final KafkaNode controller;
    private final SortedMap<Integer, KafkaNode> brokers;

    private EmbeddedKafka(
            DataDirectory data, String clusterId, KafkaNode controller, SortedMap<Integer, KafkaNode> brokers) {
        this.data = data;
        this.clusterId = clusterId;
        this.controller = controller;
        this.brokers = brokers;
    }

    /** One broker on a free port, its data in a temporary directory, unless told otherwise. */
    public static Builder builder() {
        return new Builder();
    }

    /** The value for {@code bootstrap.servers}: all brokers, running or not. */
    public String bootstrapServers() {
        return brokers.values().stream()
                .map(broker -> Loopback.HOST + ":" + broker.port())
                .collect(Collectors.joining(","));
    }

    /** The cluster id, which stays the same for as long as the data directory does. */
    public String clusterId() {
        return clusterId;
    }

    /** Where the nodes keep their logs. */
    public Path directory() {
        return data.path();
    }

    /**
     * Stops one broker in an orderly way: it hands its leaderships over first. Does nothing if it is stopped already.
     *
     * @throws IllegalArgumentException if there is no such broker
     */
    public synchronized void stop(int broker) {
        broker(broker).stop();
    }

    /**
     * Starts a stopped broker on its port, with its data, and returns once it serves requests; does nothing if it is
     * running. Takes about two seconds: the controller first lets the broker's former session run out.
     *
     * @throws IllegalArgumentException if there is no such broker
     * @throws EmbeddedServerException if it cannot start
     */
    public synchronized void start(int broker) {
        broker(broker).start();
    }

    /** Stops all nodes and deletes the data if its directory is a temporary one. Further calls do nothing. */
    @Override
    public synchronized void close() {
        try (data) {
            try {
                brokers.values().forEach(KafkaNode::stop);
            } finally {
                controller.stop(); // after the brokers, which ask it to let them go
            }
        }
    }

    private KafkaNode broker(int id) {
        KafkaNode broker = brokers.get(id);
        if (broker == null) {
            throw new IllegalArgumentException("No broker " + id + ": there are brokers 1 to " + brokers.lastKey());
        }
        return broker;
    }

    private void startAll() {
        controller.start();
        brokers.values().forEach(KafkaNode::start);
    }

    /** Describes a cluster and starts it. Not thread-safe. */
    public static final class Builder {
        private final Map<String, String> properties = new HashMap<>();
        private int brokers = 1;
        private int firstPort;
        private @Nullable Path directory;

        private Builder() {}

        /** The number of brokers, 1 by default. Internal topics have as many replicas, up to three. */
        public Builder brokers(int count) {
            if (count < 1 || count >= KafkaSettings.CONTROLLER_ID) {
                throw new IllegalArgumentException("Expected at least one broker, was " + count);
            }
            brokers = count;
            return this;
        }

        /** Keeps the data here, to go on with it at the next start; created if missing. */
        public Builder directory(Path path) {
            directory = path;
            return this;
        }

        /** The port of broker 1; broker 2 has the next one, and so on. 0, the default, picks free ports. */
        public Builder firstPort(int port) {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("Expected a port from 0 to 65535, was " + port);
            }
            firstPort = port;
            return this;
        }

        /** A property of every node, by its name in Kafka; it overrides this module's choice. */
        public Builder property(String name, String value) {
            properties.put(name, value);
            return this;
        }

        /**
         * Starts the cluster and returns once every broker serves requests. A failed start leaves nothing behind.
         *
         * @throws EmbeddedServerException if a port or the directory is in use, or a node does not start
         */
        public EmbeddedKafka start() {
            DataDirectory data =
                    directory == null ? DataDirectory.temporary("stepvault-kafka") : DataDirectory.open(directory);
            try {
                EmbeddedKafka kafka = describe(data);
                try {
                    kafka.startAll();
                    return kafka;
                } catch (RuntimeException e) {
                    kafka.close();
                    throw e;
                }
            } catch (RuntimeException e) {
                data.close();
                throw e;
            }
        }

        private EmbeddedKafka describe(DataDirectory data) {
            refuseFewerBrokers(data.path());
            List<Integer> ports = ports();
            int controllerPort = ports.get(brokers);
            Path controllerLogs = data.path().resolve("controller");
            KafkaNode controller = node(
                    KafkaSettings.CONTROLLER_ID,
                    controllerPort,
                    controllerLogs,
                    KafkaSettings.controller(brokers, controllerPort, controllerLogs));
            SortedMap<Integer, KafkaNode> nodes = new TreeMap<>();
            for (int id = 1; id <= brokers; id++) {
                int port = ports.get(id - 1);
                Path logs = brokerLogs(data.path(), id);
                nodes.put(id, node(id, port, logs, KafkaSettings.broker(id, brokers, port, controllerPort, logs)));
            }

            String clusterId = clusterId(data.path());
            controller.format(clusterId);
            nodes.values().forEach(broker -> broker.format(clusterId));
            return new EmbeddedKafka(data, clusterId, controller, nodes);
        }

        private KafkaNode node(int id, int port, Path logs, Map<String, String> settings) {
            Loopback.requireFree("Kafka node " + id, port);
            settings.putAll(properties);
            return new KafkaNode(id, port, logs, settings);
        }

        /** The brokers' ports, then the controller's. */
        private List<Integer> ports() {
            if (firstPort == 0) {
                return FreePorts.pick(brokers + 1);
            }
            List<Integer> ports = new ArrayList<>();
            for (int broker = 0; broker < brokers; broker++) {
                ports.add(firstPort + broker);
            }
            int controllerPort = FreePorts.pick();
            while (ports.contains(controllerPort)) {
                controllerPort = FreePorts.pick();
            }
            ports.add(controllerPort);
            return ports;
        }

        private void refuseFewerBrokers(Path data) {
            if (Files.exists(brokerLogs(data, brokers + 1))) {
                throw new EmbeddedServerException(
                        "The data directory " + data + " belongs to a cluster of more than " + brokers
                                + " brokers: start as many as before, or choose another directory.",
                        null);
            }
        }

        private static Path brokerLogs(Path data, int id) {
            return data.resolve("broker-" + id);
        }

        /** The id that the controller's log was formatted with, or a new one. */
        private static String clusterId(Path data) {
            try {
                return new MetaPropertiesEnsemble.Loader()
                        .addLogDirs(List.of(data.resolve("controller").toString()))
                        .load()
                        .clusterId()
                        .orElseGet(() -> Uuid.randomUuid().toString());
            } catch (IOException e) {
                throw new EmbeddedServerException(
                        "Cannot read the cluster id under " + data + " (" + e + "): choose another data directory.", e);
            }
        }
    }
}

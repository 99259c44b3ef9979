package io.stepvault.embedded;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The properties of the embedded nodes: Kafka's defaults, but small, quick to start and to rebalance, and replicated
 * as far as the number of brokers allows. Names as in Kafka's own configuration reference.
 */
final class KafkaSettings {
    static final String CONTROLLER_LISTENER = "CONTROLLER";
    /** Above any broker's id, so that the two kinds never meet. */
    static final int CONTROLLER_ID = 1_000;

    private KafkaSettings() {}

    static Map<String, String> controller(int brokers, int controllerPort, Path logDirectory) {
        Map<String, String> properties = node(CONTROLLER_ID, controllerPort, logDirectory);
        properties.put("process.roles", "controller");
        properties.put("listeners", listener(CONTROLLER_LISTENER, controllerPort));
        properties.put("default.replication.factor", replicas(brokers));
        properties.put("min.insync.replicas", inSync(brokers));
        return properties;
    }

    static Map<String, String> broker(int id, int brokers, int port, int controllerPort, Path logDirectory) {
        Map<String, String> properties = node(id, controllerPort, logDirectory);
        properties.put("process.roles", "broker");
        properties.put("listeners", listener("PLAINTEXT", port));
        properties.put("advertised.listeners", listener("PLAINTEXT", port));

        String replicas = replicas(brokers);
        String inSync = inSync(brokers);
        properties.put("min.insync.replicas", inSync);
        for (String topic : List.of("transaction.state.log", "share.coordinator.state.topic")) {
            properties.put(topic + ".replication.factor", replicas);
            properties.put(topic + ".min.isr", inSync);
        }
        properties.put("offsets.topic.replication.factor", replicas);
        // A partition of an internal topic costs two files of 10 MB address space, and time at every start.
        properties.put("offsets.topic.num.partitions", "5");
        properties.put("transaction.state.log.num.partitions", "5");
        properties.put("share.coordinator.state.topic.num.partitions", "5");

        // The cleaner takes its buffer (128 MB by default) at start-up.
        properties.put("log.cleaner.dedupe.buffer.size", "4194304");
        properties.put("num.network.threads", "2");
        properties.put("num.io.threads", "4");
        properties.put("background.threads", "2");
        properties.put("num.recovery.threads.per.data.dir", "1");

        // Members that die without a goodbye are noticed in seconds, and clients may ask for less.
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("group.min.session.timeout.ms", "500");
        properties.put("group.consumer.min.session.timeout.ms", "500");
        properties.put("group.consumer.session.timeout.ms", "6000");
        properties.put("group.consumer.min.heartbeat.interval.ms", "100");
        properties.put("group.consumer.heartbeat.interval.ms", "500");
        properties.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500");
        return properties;
    }

    private static Map<String, String> node(int id, int controllerPort, Path logDirectory) {
        Map<String, String> properties = new HashMap<>();
        properties.put("node.id", Integer.toString(id));
        properties.put("controller.listener.names", CONTROLLER_LISTENER);
        properties.put("controller.quorum.voters", CONTROLLER_ID + "@" + Loopback.HOST + ":" + controllerPort);
        properties.put("listener.security.protocol.map", CONTROLLER_LISTENER + ":PLAINTEXT,PLAINTEXT:PLAINTEXT");
        properties.put("log.dirs", logDirectory.toString());
        properties.put("auto.create.topics.enable", "false");
        properties.put("broker.session.timeout.ms", "2000");
        properties.put("broker.heartbeat.interval.ms", "500");
        return properties;
    }

    private static String replicas(int brokers) {
        return Integer.toString(Math.min(3, brokers));
    }

    private static String inSync(int brokers) {
        return brokers < 3 ? "1" : "2";
    }

    private static String listener(String name, int port) {
        return name + "://" + Loopback.HOST + ":" + port;
    }
}

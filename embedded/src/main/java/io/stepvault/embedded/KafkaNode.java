package io.stepvault.embedded;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/**
 * One Kafka server, broker or controller, with its port and its log directory: what a `server.properties` describes.
 * It can be started and stopped repeatedly. Used by one thread at a time.
 */
final class KafkaNode {
    private final int id;
    private final int port;
    private final Path logDirectory;
    private final Map<String, String> properties;
    private @Nullable KafkaRaftServer server;

    KafkaNode(int id, int port, Path logDirectory, Map<String, String> properties) {
        this.id = id;
        this.port = port;
        this.logDirectory = logDirectory;
        this.properties = Map.copyOf(properties);
    }

    int port() {
        return port;
    }

    /** Writes {@code meta.properties} and the bootstrap metadata, unless the directory has them already. */
    void format(String clusterId) {
        try {
            new Formatter()
                    .setNodeId(id)
                    .setClusterId(clusterId)
                    .addDirectory(logDirectory.toString())
                    .setMetadataLogDirectory(logDirectory.toString())
                    .setControllerListenerName(KafkaSettings.CONTROLLER_LISTENER)
                    .setIgnoreFormatted(true)
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                    .run();
        } catch (Exception e) {
            throw new EmbeddedServerException(
                    "Cannot prepare " + logDirectory + " for Kafka (" + e
                            + "): choose another data directory, or delete this one if its data is not needed.",
                    e);
        }
    }

    /** Returns once the node serves requests. Does nothing on a running node. What a failed start has opened is closed again. */
    void start() {
        if (server != null) {
            return;
        }
        Loopback.requireFree("Kafka node " + id, port);
        KafkaRaftServer starting = null;
        try {
            starting = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
            starting.startup();
            server = starting;
        } catch (Throwable e) { // Scala throws checked exceptions undeclared, and a half-started server must not stay
            if (starting != null) {
                shutDown(starting, e);
            }
            throw new EmbeddedServerException(
                    "Kafka node " + id + " did not start on " + Loopback.HOST + ":" + port + " with its data in "
                            + logDirectory + ": " + e
                            + ". Choose another port or directory, or mend the broker property that it names.",
                    e);
        }
    }

    /** Hands leaderships over, syncs the log and returns once all is closed. Does nothing on a stopped node. */
    void stop() {
        KafkaRaftServer stopping = server;
        server = null;
        if (stopping != null) {
            stopping.shutdown();
            stopping.awaitShutdown();
        }
    }

    private static void shutDown(KafkaRaftServer failed, Throwable failure) {
        try {
            failed.shutdown();
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}

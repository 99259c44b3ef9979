package io.stepvault.devkit;

import io.stepvault.worker.config.ConfigKey;
import io.stepvault.worker.config.Machine;
import io.stepvault.worker.config.WorkerConfig;
import io.stepvault.worker.config.WorkerKeys;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the worker of a demo or of dev mode is told, in the way of every worker. Immutable; safe for any thread.
 *
 * @param environment variables, which win over the file
 * @param file a worker's properties file
 */
record Settings(Map<String, String> environment, Optional<Path> file) {
    /** Twins of what passes through to Kafka's clients begin so. */
    private static final String KAFKA_VARIABLES = "STEPVAULT_KAFKA_";

    private static final String DEMO_TOPIC = "stepvault-demo";

    /** Copies the map. */
    Settings {
        environment = Map.copyOf(environment);
    }

    /** A demo all in one process. Nobody else's configuration has a say in it. */
    static Settings ofDemoOnOwnBroker(String bootstrapServers, URI store, Path spool, String runId) {
        Map<String, String> environment = demo(bootstrapServers, store, spool, runId);
        return new Settings(environment, Optional.empty());
    }

    /**
     * A demo on the user's servers. Topics and group are its own, so that neither the user's workers store the sample
     * nor this one stores the user's captures.
     *
     * @param file what the brokers ask of clients; the environment may say it as well, and wins
     */
    static Settings ofDemoOnServersOf(
            Map<String, String> user,
            Optional<Path> file,
            String bootstrapServers,
            URI store,
            Path spool,
            String runId) {
        Map<String, String> environment = new HashMap<>(user);
        environment.keySet().removeIf(name -> !name.startsWith(KAFKA_VARIABLES));
        environment.putAll(demo(bootstrapServers, store, spool, runId));
        set(environment, WorkerKeys.GROUP_ID, DEMO_TOPIC + "-" + runId);
        set(environment, WorkerKeys.TOPIC_CAPTURES, DEMO_TOPIC);
        set(environment, WorkerKeys.TOPIC_COMPLETIONS, DEMO_TOPIC + ".completed");
        set(environment, WorkerKeys.TOPIC_DEAD_LETTERS, DEMO_TOPIC + ".dead-letters");
        return new Settings(environment, file);
    }

    /** A worker that stays up, with the defaults of every other. */
    static Settings ofDev(String bootstrapServers, URI store, Path spool, int httpPort) {
        Map<String, String> environment = new HashMap<>();
        set(environment, WorkerKeys.KAFKA_BOOTSTRAP_SERVERS, bootstrapServers);
        set(environment, WorkerKeys.STORE_URI, store.toString());
        set(environment, WorkerKeys.SPOOL_DIR, spool.toString());
        set(environment, WorkerKeys.HTTP_PORT, Integer.toString(httpPort));
        set(environment, WorkerKeys.WORKER_ID, "dev");
        return new Settings(environment, Optional.empty());
    }

    /** @throws io.stepvault.worker.config.ConfigException with every mistake */
    WorkerConfig worker() {
        return file.isPresent()
                ? WorkerConfig.load(file.get(), environment, Machine.current())
                : WorkerConfig.load(Map.of(), environment, Machine.current());
    }

    /** Small budgets, for any heap; and nobody waits for a batch to fill. */
    private static Map<String, String> demo(String bootstrapServers, URI store, Path spool, String runId) {
        Map<String, String> environment = new HashMap<>();
        set(environment, WorkerKeys.KAFKA_BOOTSTRAP_SERVERS, bootstrapServers);
        set(environment, WorkerKeys.STORE_URI, store.toString());
        set(environment, WorkerKeys.SPOOL_DIR, spool.toString());
        set(environment, WorkerKeys.WORKER_ID, "demo-" + runId);
        set(environment, WorkerKeys.HTTP_HOST, "127.0.0.1");
        set(environment, WorkerKeys.HTTP_PORT, "0");
        set(environment, WorkerKeys.BATCH_MAX_AGE, "1s");
        set(environment, WorkerKeys.BATCH_MAX_BYTES, "2MiB");
        set(environment, WorkerKeys.CAPTURE_MAX_BYTES, "8MiB");
        set(environment, WorkerKeys.MEMORY_MAX_BYTES, "32MiB");
        return environment;
    }

    private static void set(Map<String, String> environment, ConfigKey<?> key, String value) {
        environment.put(key.environmentName(), value);
    }
}

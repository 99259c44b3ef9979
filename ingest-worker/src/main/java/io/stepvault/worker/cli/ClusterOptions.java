package io.stepvault.worker.cli;

import io.stepvault.worker.config.KafkaConfig;
import io.stepvault.worker.config.WorkerKeys;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which Kafka cluster a command talks to, and how. */
final class ClusterOptions {
    private static final String BROKERS = WorkerKeys.KAFKA_BOOTSTRAP_SERVERS.environmentName();

    @Option(
            names = {"-b", "--bootstrap"},
            paramLabel = "HOST:PORT",
            description = "Brokers to ask first, separated by commas. Wins over the configuration.")
    private Optional<String> bootstrap = Optional.empty();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    KafkaConfig kafka(Map<String, String> environment) {
        Map<String, String> standIns = new HashMap<>();
        if (bootstrap.isPresent()) {
            standIns.put(BROKERS, checked(bootstrap.get()));
        } else if (!config.isGiven(environment, BROKERS)) {
            throw CommandFailure.usage(
                    "no brokers named; add --bootstrap HOST:PORT or --config FILE, or set " + BROKERS);
        }
        standIns.put(WorkerKeys.STORE_URI.environmentName(), "file:///not-used");
        return config.forCommand(environment, standIns).kafka();
    }

    private static String checked(String servers) {
        try {
            return WorkerKeys.KAFKA_BOOTSTRAP_SERVERS.parse(servers);
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("--bootstrap: '" + servers + "' " + e.getMessage());
        }
    }
}

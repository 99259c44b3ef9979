package io.stepvault.worker.cli;

import io.stepvault.registry.RegistryAnswer;
import io.stepvault.registry.RegistryClient;
import io.stepvault.worker.config.KafkaConfig;
import io.stepvault.worker.config.WorkerKeys;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which schema registry a command talks to, and how. */
public final class RegistryOptions {
    private static final String URL = WorkerKeys.REGISTRY_URL.environmentName();

    @Option(
            names = "--registry",
            paramLabel = "URL",
            description =
                    "The schema registry; several servers of one are separated by commas. Wins over the configuration,"
                            + " where its user, password or token are.")
    private Optional<String> url = Optional.empty();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    /** A client of it. */
    public RegistryClient open(Map<String, String> environment) {
        return new RegistryClient(kafka(environment)
                .registry()
                .settings()
                .orElseThrow(() -> CommandFailure.usage("no schema registry named; add --registry URL, or set "
                        + WorkerKeys.REGISTRY_URL.name() + " in the file of --config, or " + URL)));
    }

    /** The subject of the topic of captures. */
    public String subject(Map<String, String> environment) {
        return kafka(environment).topics().captures() + "-value";
    }

    private KafkaConfig kafka(Map<String, String> environment) {
        Map<String, String> standIns = new HashMap<>();
        url.ifPresent(given -> standIns.put(URL, checked(given)));
        standIns.put(WorkerKeys.KAFKA_BOOTSTRAP_SERVERS.environmentName(), "not-used:1");
        standIns.put(WorkerKeys.STORE_URI.environmentName(), "file:///not-used");
        return config.forCommand(environment, standIns).kafka();
    }

    private static String checked(String url) {
        try {
            WorkerKeys.REGISTRY_URL.parse(url);
            return url;
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("--registry: the value " + e.getMessage());
        }
    }

    /**
     * What was asked for.
     *
     * @throws CommandFailure if the registry does not have it, does not take it, or does not answer
     */
    public static <T> T found(RegistryAnswer<T> answer) {
        if (answer instanceof RegistryAnswer.Found<T> found) {
            return found.value();
        } else if (answer instanceof RegistryAnswer.Missing<T> missing) {
            throw CommandFailure.problem("not there: " + missing.why(), null);
        } else if (answer instanceof RegistryAnswer.Refused<T> refused) {
            throw CommandFailure.problem("refused: " + refused.why(), null);
        }
        throw CommandFailure.couldNotRun(((RegistryAnswer.Unavailable<T>) answer).why(), null);
    }
}

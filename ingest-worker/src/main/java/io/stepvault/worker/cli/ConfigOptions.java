package io.stepvault.worker.cli;

import io.stepvault.worker.config.Machine;
import io.stepvault.worker.config.WorkerConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the configuration comes from: {@code --config} and the environment, which wins. */
final class ConfigOptions {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The worker's configuration, a properties file. Variables STEPVAULT_... win over it.")
    private Optional<Path> file = Optional.empty();

    Optional<Path> file() {
        return file;
    }

    /** Whether there is any configuration that could say more than what a command line says. */
    boolean isGiven(Map<String, String> environment, String variable) {
        return file.isPresent() || !environment.getOrDefault(variable, "").isEmpty();
    }

    /** The configuration of a worker in this process. */
    WorkerConfig forWorker(Map<String, String> environment) {
        return load(environment, Machine.current());
    }

    /**
     * The configuration for a command that is no worker: the heap does not matter to it, and what it does not use need
     * not be set.
     *
     * @param standIns values of keys that the command's options give or that it does not use, by environment name
     */
    WorkerConfig forCommand(Map<String, String> environment, Map<String, String> standIns) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(standIns);
        return load(all, Machine.ofCommandLine());
    }

    /**
     * The configuration for a command that reads the topic as a worker does, with this process' heap.
     *
     * @param standIns values of keys that the command's options give, by environment name
     */
    WorkerConfig forJob(Map<String, String> environment, Map<String, String> standIns) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(standIns);
        return load(all, Machine.ofJob());
    }

    private WorkerConfig load(Map<String, String> environment, Machine machine) {
        return file.isPresent()
                ? WorkerConfig.load(file.get(), environment, machine)
                : WorkerConfig.load(Map.of(), environment, machine);
    }
}

package io.stepvault.worker.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The worker's configuration, valid as a whole. Immutable; safe for any thread. No secret shows in its {@code toString}.
 *
 * @param kafka the cluster, the group, the topics and what passes through to Kafka's clients
 * @param store where captures are stored and how uploads behave
 * @param batch when a session batch is flushed
 * @param budget what is taken in at most
 * @param commit when and how progress is committed
 * @param process id, HTTP and log of the process
 */
public record WorkerConfig(
        KafkaConfig kafka,
        StoreConfig store,
        BatchConfig batch,
        BudgetConfig budget,
        CommitConfig commit,
        ProcessConfig process) {
    /** @throws ConfigException with every value that does not go with another */
    public WorkerConfig {
        new Problems()
                .addAll(BudgetConfig.roomForOneCapture(budget.memory(), budget.capture(), batch.maxBytes()))
                .addAll(SpoolConfig.roomForOneBatch(store.spool().maxBytes(), budget.capture(), batch.maxBytes()))
                .addAll(
                        commit.delivery() == Delivery.EXACTLY_ONCE
                                ? KafkaRules.transactionTimes(kafka.overrides())
                                : List.of())
                .addAll(CommitConfig.drainWithinPollInterval(
                        commit.rebalanceDrainTimeout(), KafkaRules.maxPollInterval(kafka.overrides())))
                .throwIfAny();
    }

    /**
     * Reads a properties file (UTF-8) and its environment twins, which win.
     *
     * @param environment all variables; those that do not begin with {@code STEPVAULT_} are ignored
     * @throws ConfigException with every mistake in them, and if the file cannot be read
     */
    public static WorkerConfig load(Path file, Map<String, String> environment, Machine machine) {
        return new WorkerConfigLoader(machine).load(PropertiesFile.read(file), file.toString(), environment);
    }

    /**
     * Takes keys and values that are already at hand, and environment twins, which win.
     *
     * @param properties dotted key to value, as in a file; may be empty
     * @param environment all variables; those that do not begin with {@code STEPVAULT_} are ignored
     * @throws ConfigException with every mistake in them
     */
    public static WorkerConfig load(Map<String, String> properties, Map<String, String> environment, Machine machine) {
        return new WorkerConfigLoader(machine).load(new PropertiesFile(properties, Set.of()), "given", environment);
    }

    /** The effective configuration as sorted {@code key=value} lines, defaults included, secrets masked. */
    public List<String> lines() {
        return EffectiveConfig.of(this).entrySet().stream()
                .map(entry -> (entry.getKey() + "=" + entry.getValue()).replaceAll("\\p{Cntrl}+", " "))
                .toList();
    }
}

package io.stepvault.worker.config;

import io.stepvault.worker.config.ProcessConfig.HttpConfig;
import io.stepvault.worker.config.ProcessConfig.LogConfig;
import java.util.List;
import java.util.Map;

/**
 * Makes a {@link WorkerConfig} of texts: checks every key, then the rules between keys whose values are good, reports
 * all mistakes, and only then builds the records. Not thread-safe: used in one method.
 */
final class WorkerConfigLoader {
    private final Settings settings = new Settings();
    private final Problems problems = new Problems(settings::label);
    private final Machine machine;

    WorkerConfigLoader(Machine machine) {
        this.machine = machine;
        settings.putAll(Map.of(WorkerKeys.WORKER_ID.name(), machine.workerId()), "from the host name");
        settings.putAll(
                Map.of(WorkerKeys.MEMORY_MAX_BYTES.name(), machine.memory().toString()), "from the heap");
        machine.spoolDirectory()
                .ifPresent(directory -> settings.putAll(
                        Map.of(WorkerKeys.SPOOL_DIR.name(), directory.toString()), "in the home directory"));
    }

    WorkerConfig load(PropertiesFile file, String origin, Map<String, String> environment) {
        for (String key : file.repeated()) {
            problems.add(new Problem(key, "is set more than once in " + origin + "; keep one of the lines"));
        }
        settings.putAll(file.values(), origin);
        settings.putEnvironment(environment);
        settings.check(problems);
        checkTogether();
        checkKafka(settings.passedThrough());
        problems.throwIfAny();
        return new WorkerConfig(kafka(), store(), batch(), budget(), commit(), process());
    }

    private void checkTogether() {
        if (settings.usable(WorkerKeys.TOPIC_CAPTURES, WorkerKeys.TOPIC_COMPLETIONS, WorkerKeys.TOPIC_DEAD_LETTERS)) {
            problems.addAll(TopicsConfig.sharedNames(
                    settings.get(WorkerKeys.TOPIC_CAPTURES),
                    settings.get(WorkerKeys.TOPIC_COMPLETIONS),
                    settings.get(WorkerKeys.TOPIC_DEAD_LETTERS)));
        }
        if (settings.usable(WorkerKeys.STORE_RETRY_INITIAL_INTERVAL, WorkerKeys.STORE_RETRY_MAX_INTERVAL)) {
            problems.addAll(RetryConfig.intervalOrder(
                    settings.get(WorkerKeys.STORE_RETRY_INITIAL_INTERVAL),
                    settings.get(WorkerKeys.STORE_RETRY_MAX_INTERVAL)));
        }
        problems.addAll(RegistryConfig.together(settings));
        checkBudgets();
    }

    private void checkBudgets() {
        boolean memory = settings.usable(WorkerKeys.MEMORY_MAX_BYTES);
        boolean capture = settings.usable(WorkerKeys.CAPTURE_MAX_BYTES);
        if (memory) {
            problems.addAll(BudgetConfig.carriedByHeap(settings.get(WorkerKeys.MEMORY_MAX_BYTES), machine.heap()));
        }
        if (capture && settings.usable(WorkerKeys.ASSEMBLE_MAX_BYTES)) {
            problems.addAll(ChunkConfig.roomForOneCapture(
                    settings.get(WorkerKeys.ASSEMBLE_MAX_BYTES), settings.get(WorkerKeys.CAPTURE_MAX_BYTES)));
        }
        if (!capture || !settings.usable(WorkerKeys.BATCH_MAX_BYTES)) {
            return;
        }
        ByteSize largest = settings.get(WorkerKeys.CAPTURE_MAX_BYTES);
        ByteSize batch = settings.get(WorkerKeys.BATCH_MAX_BYTES);
        List<Problem> tooLarge = BudgetConfig.captureCarriedByHeap(largest, batch, machine.heap());
        problems.addAll(tooLarge);
        if (memory && tooLarge.isEmpty()) {
            problems.addAll(BudgetConfig.roomForOneCapture(settings.get(WorkerKeys.MEMORY_MAX_BYTES), largest, batch));
        }
        if (settings.usable(WorkerKeys.SPOOL_MAX_BYTES)) {
            problems.addAll(SpoolConfig.roomForOneBatch(settings.get(WorkerKeys.SPOOL_MAX_BYTES), largest, batch));
        }
    }

    private void checkKafka(KafkaOverrides overrides) {
        List<Problem> own = KafkaRules.problems(overrides);
        problems.addAll(own);
        if (settings.usable(WorkerKeys.GROUP_ID)) {
            problems.addAll(KafkaRules.otherGroups(overrides, settings.get(WorkerKeys.GROUP_ID)));
        }
        if (settings.usable(WorkerKeys.KAFKA_BOOTSTRAP_SERVERS)) {
            problems.addAll(KafkaRules.otherClusters(overrides, settings.get(WorkerKeys.KAFKA_BOOTSTRAP_SERVERS)));
        }
        if (own.isEmpty()
                && settings.usable(WorkerKeys.COMPLETIONS_DELIVERY)
                && settings.get(WorkerKeys.COMPLETIONS_DELIVERY) == Delivery.EXACTLY_ONCE) {
            problems.addAll(KafkaRules.transactionTimes(overrides));
        }
        boolean pollIntervalUsable =
                own.stream().noneMatch(problem -> problem.key().endsWith("max.poll.interval.ms"));
        if (pollIntervalUsable && settings.usable(WorkerKeys.REBALANCE_DRAIN_TIMEOUT)) {
            problems.addAll(CommitConfig.drainWithinPollInterval(
                    settings.get(WorkerKeys.REBALANCE_DRAIN_TIMEOUT), KafkaRules.maxPollInterval(overrides)));
        }
    }

    private KafkaConfig kafka() {
        return new KafkaConfig(
                settings.get(WorkerKeys.KAFKA_BOOTSTRAP_SERVERS),
                settings.get(WorkerKeys.GROUP_ID),
                new TopicsConfig(
                        settings.get(WorkerKeys.TOPIC_CAPTURES),
                        settings.get(WorkerKeys.TOPIC_COMPLETIONS),
                        settings.get(WorkerKeys.TOPIC_DEAD_LETTERS)),
                settings.passedThrough(),
                RegistryConfig.read(settings));
    }

    private StoreConfig store() {
        return new StoreConfig(
                settings.get(WorkerKeys.STORE_URI),
                new PutConfig(
                        settings.get(WorkerKeys.STORE_MAX_PUTS_IN_FLIGHT),
                        settings.get(WorkerKeys.STORE_PUT_TIMEOUT),
                        settings.get(WorkerKeys.STORE_COMPRESSION),
                        settings.get(WorkerKeys.STORE_S3_WRITE_PATH)),
                new RetryConfig(
                        settings.get(WorkerKeys.STORE_RETRY_MAX_ATTEMPTS),
                        settings.get(WorkerKeys.STORE_RETRY_INITIAL_INTERVAL),
                        settings.get(WorkerKeys.STORE_RETRY_MAX_INTERVAL)),
                new BreakerConfig(
                        settings.get(WorkerKeys.STORE_BREAKER_FAILURE_RATE),
                        settings.get(WorkerKeys.STORE_BREAKER_MINIMUM_CALLS),
                        settings.get(WorkerKeys.STORE_BREAKER_OPEN_FOR)),
                new SpoolConfig(
                        settings.get(WorkerKeys.SPOOL_DIR),
                        settings.get(WorkerKeys.SPOOL_MAX_BYTES),
                        settings.get(WorkerKeys.SPOOL_MIN_FREE_BYTES),
                        settings.get(WorkerKeys.SPOOL_SET_ASIDE_AFTER),
                        settings.get(WorkerKeys.SPOOL_SET_ASIDE_MAX)));
    }

    private BatchConfig batch() {
        return new BatchConfig(
                settings.get(WorkerKeys.BATCH_MAX_AGE),
                settings.get(WorkerKeys.BATCH_MAX_BYTES),
                settings.get(WorkerKeys.BATCH_MAX_STEPS));
    }

    private BudgetConfig budget() {
        return new BudgetConfig(
                settings.get(WorkerKeys.MEMORY_MAX_BYTES),
                settings.get(WorkerKeys.CAPTURE_MAX_BYTES),
                settings.get(WorkerKeys.CLOCK_SKEW_MAX),
                new ChunkConfig(settings.get(WorkerKeys.ASSEMBLE_MAX_BYTES), settings.get(WorkerKeys.CHUNK_TIMEOUT)));
    }

    private CommitConfig commit() {
        return new CommitConfig(
                settings.get(WorkerKeys.COMMIT_INTERVAL),
                settings.get(WorkerKeys.REBALANCE_DRAIN_TIMEOUT),
                settings.get(WorkerKeys.SHUTDOWN_TIMEOUT),
                settings.get(WorkerKeys.COMPLETIONS_DELIVERY),
                settings.get(WorkerKeys.COMPLETIONS_MAX_WAITING));
    }

    private ProcessConfig process() {
        return new ProcessConfig(
                settings.get(WorkerKeys.WORKER_ID),
                new HttpConfig(settings.get(WorkerKeys.HTTP_HOST), settings.get(WorkerKeys.HTTP_PORT)),
                new LogConfig(settings.get(WorkerKeys.LOG_FORMAT), settings.get(WorkerKeys.LOG_LEVEL)));
    }
}

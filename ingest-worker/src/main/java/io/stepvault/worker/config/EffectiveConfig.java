package io.stepvault.worker.config;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** A configuration as keys and values, defaults included, secrets masked. Not thread-safe: used in one method. */
final class EffectiveConfig {
    /** These have keys of ours, or none. */
    private static final Set<String> OURS = Set.of("bootstrap.servers", "group.id", "transactional.id");

    private final SortedMap<String, String> values = new TreeMap<>();

    private EffectiveConfig() {}

    static SortedMap<String, String> of(WorkerConfig config) {
        EffectiveConfig effective = new EffectiveConfig();
        effective.putKafka(config.kafka(), config.commit().delivery());
        effective.putStore(config.store());
        effective.putLimits(config.batch(), config.budget());
        effective.putProcess(config.commit(), config.process());
        return effective.values;
    }

    private void putKafka(KafkaConfig kafka, Delivery delivery) {
        values.putAll(kafka.overrides().masked());
        putClient(KafkaClient.CONSUMER, kafka.consumerProperties());
        putClient(
                KafkaClient.PRODUCER,
                delivery == Delivery.EXACTLY_ONCE
                        ? kafka.transactionalProducerProperties("")
                        : kafka.producerProperties());
        put(WorkerKeys.KAFKA_BOOTSTRAP_SERVERS, kafka.bootstrapServers());
        put(WorkerKeys.GROUP_ID, kafka.groupId());
        put(WorkerKeys.TOPIC_CAPTURES, kafka.topics().captures());
        put(WorkerKeys.TOPIC_COMPLETIONS, kafka.topics().completions());
        put(WorkerKeys.TOPIC_DEAD_LETTERS, kafka.topics().deadLetters());
        values.putAll(kafka.registry().values());
    }

    /** What the worker itself sets; what the operator has set is there already, under the key that was written. */
    private void putClient(KafkaClient client, Map<String, Object> properties) {
        properties.forEach((name, value) -> {
            boolean ours = OURS.contains(name);
            if (!ours && !values.containsKey(KafkaClient.SHARED_PREFIX + name)) {
                values.putIfAbsent(client.prefix() + name, value.toString());
            }
        });
    }

    private void putStore(StoreConfig store) {
        put(WorkerKeys.STORE_URI, store.uri());
        put(WorkerKeys.STORE_MAX_PUTS_IN_FLIGHT, store.puts().maxInFlight());
        put(WorkerKeys.STORE_PUT_TIMEOUT, store.puts().timeout());
        put(WorkerKeys.STORE_COMPRESSION, store.puts().compression());
        put(WorkerKeys.STORE_S3_WRITE_PATH, store.puts().writePath());
        put(WorkerKeys.STORE_RETRY_MAX_ATTEMPTS, store.retry().maxAttempts());
        put(WorkerKeys.STORE_RETRY_INITIAL_INTERVAL, store.retry().initialInterval());
        put(WorkerKeys.STORE_RETRY_MAX_INTERVAL, store.retry().maxInterval());
        put(WorkerKeys.STORE_BREAKER_FAILURE_RATE, store.breaker().failureRate());
        put(WorkerKeys.STORE_BREAKER_MINIMUM_CALLS, store.breaker().minimumCalls());
        put(WorkerKeys.STORE_BREAKER_OPEN_FOR, store.breaker().openFor());
        put(WorkerKeys.SPOOL_DIR, store.spool().directory());
        put(WorkerKeys.SPOOL_MAX_BYTES, store.spool().maxBytes());
        put(WorkerKeys.SPOOL_MIN_FREE_BYTES, store.spool().minFreeBytes());
        put(WorkerKeys.SPOOL_SET_ASIDE_AFTER, store.spool().setAsideAfter());
        put(WorkerKeys.SPOOL_SET_ASIDE_MAX, store.spool().setAsideMax());
    }

    private void putLimits(BatchConfig batch, BudgetConfig budget) {
        put(WorkerKeys.BATCH_MAX_AGE, batch.maxAge());
        put(WorkerKeys.BATCH_MAX_BYTES, batch.maxBytes());
        put(WorkerKeys.BATCH_MAX_STEPS, batch.maxSteps());
        put(WorkerKeys.MEMORY_MAX_BYTES, budget.memory());
        put(WorkerKeys.CAPTURE_MAX_BYTES, budget.capture());
        put(WorkerKeys.CLOCK_SKEW_MAX, budget.clockSkew());
        put(WorkerKeys.ASSEMBLE_MAX_BYTES, budget.chunks().maxBytes());
        put(WorkerKeys.CHUNK_TIMEOUT, budget.chunks().timeout());
    }

    private void putProcess(CommitConfig commit, ProcessConfig process) {
        put(WorkerKeys.COMMIT_INTERVAL, commit.interval());
        put(WorkerKeys.REBALANCE_DRAIN_TIMEOUT, commit.rebalanceDrainTimeout());
        put(WorkerKeys.SHUTDOWN_TIMEOUT, commit.shutdownTimeout());
        put(WorkerKeys.COMPLETIONS_DELIVERY, commit.delivery());
        put(WorkerKeys.COMPLETIONS_MAX_WAITING, commit.maxWaitingCompletions());
        put(WorkerKeys.WORKER_ID, process.workerId());
        put(WorkerKeys.HTTP_HOST, process.http().host());
        put(WorkerKeys.HTTP_PORT, process.http().port());
        put(WorkerKeys.LOG_FORMAT, process.log().format());
        put(WorkerKeys.LOG_LEVEL, process.log().level());
    }

    private <T> void put(ConfigKey<T> key, T value) {
        values.put(key.name(), key.type().format().apply(value));
    }
}

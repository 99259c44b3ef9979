package io.stepvault.worker.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.Test;

class EffectiveConfigTest {
    @Test
    void showsEveryKeySortedAndOnce() {
        WorkerConfig config = Configs.load();

        assertThat(config.lines()).isSorted().doesNotHaveDuplicates();
        assertThat(EffectiveConfig.of(config).keySet())
                .containsAll(WorkerKeys.ALL.stream()
                        .filter(key -> !(key.defaultValue() instanceof DefaultValue.Unset<?>))
                        .map(ConfigKey::name)
                        .toList());
    }

    @Test
    void showsNoSecretOfTheSchemaRegistry() {
        WorkerConfig config = Configs.load(
                "schema.registry.url=https://a:8081, https://b/path",
                "schema.registry.user=me",
                "schema.registry.password=sesame",
                "schema.registry.ssl.keystore.location=/etc/key.p12",
                "schema.registry.ssl.keystore.password=sesame");

        assertThat(config.lines())
                .contains(
                        "schema.registry.url=https://a:8081,https://b/path",
                        "schema.registry.user=me",
                        "schema.registry.password=****",
                        "schema.registry.ssl.keystore.password=****")
                .noneMatch(line -> line.contains("sesame"));
        assertThat(config.toString()).doesNotContain("sesame");
    }

    @Test
    void showsDefaultsWhatIsSetAndWhatTheWorkerSetsInKafka() {
        WorkerConfig config = Configs.load(
                "batch.max.age=PT1M", "kafka.max.poll.records=7", "kafka.admin.retries=3", "log.format=JSON");

        assertThat(config.lines())
                .contains(
                        "batch.max.age=1m",
                        "batch.max.bytes=8MiB",
                        "log.format=json",
                        "kafka.max.poll.records=7",
                        "kafka.admin.retries=3",
                        "kafka.consumer.isolation.level=read_committed",
                        "kafka.consumer.session.timeout.ms=6000",
                        "worker.id=crawler-7-4711")
                .noneMatch(line -> line.startsWith("kafka.consumer.max.poll.records"));
    }

    @Test
    void aValueWithLineBreaksStaysOnOneLine() {
        assertThat(Configs.load("kafka.client.rack=a\nb").lines()).contains("kafka.client.rack=a b");
    }

    @Test
    void theProducersPropertiesFollowTheDelivery() {
        assertThat(Configs.load().lines())
                .contains("kafka.producer.transaction.timeout.ms=10000", "kafka.producer.delivery.timeout.ms=8000")
                .noneMatch(line -> line.contains("transactional.id"));
        assertThat(Configs.load("completions.delivery=at-least-once").lines())
                .contains("kafka.producer.delivery.timeout.ms=30000")
                .noneMatch(line -> line.contains("transaction.timeout.ms"));
    }

    @Test
    void isAConfigurationThatMeansTheSame() {
        WorkerConfig config = Configs.load("kafka.max.poll.records=7", "http.port=0", "kafka.my.plugin.region=eu");
        SortedMap<String, String> effective = EffectiveConfig.of(config);

        WorkerConfig again = WorkerConfig.load(effective, Map.of(), Configs.MACHINE);

        assertThat(EffectiveConfig.of(again)).isEqualTo(effective);
        assertThat(again.kafka().consumerProperties()).isEqualTo(config.kafka().consumerProperties());
        assertThat(again.kafka().transactionalProducerProperties("t"))
                .isEqualTo(config.kafka().transactionalProducerProperties("t"));
        assertThat(again.store()).isEqualTo(config.store());
        assertThat(again.process()).isEqualTo(config.process());
    }
}

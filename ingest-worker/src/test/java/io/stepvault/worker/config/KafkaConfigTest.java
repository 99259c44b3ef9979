package io.stepvault.worker.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaConfigTest {
    @Test
    void theConsumerGetsWhatTheWorkerNeeds() {
        Map<String, Object> properties = Configs.load("group.id=g").kafka().consumerProperties();

        assertThat(properties)
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("bootstrap.servers", "localhost:9092"),
                        Map.entry("group.id", "g"),
                        Map.entry("enable.auto.commit", "false"),
                        Map.entry("isolation.level", "read_committed"),
                        Map.entry("auto.offset.reset", "none"),
                        Map.entry("key.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer"),
                        Map.entry("value.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer"),
                        Map.entry("max.poll.records", "200"),
                        Map.entry("fetch.max.bytes", "4194304"),
                        Map.entry("max.partition.fetch.bytes", "1048576"),
                        Map.entry("allow.auto.create.topics", "false"),
                        Map.entry(
                                "partition.assignment.strategy",
                                "org.apache.kafka.clients.consumer.CooperativeStickyAssignor"),
                        Map.entry("session.timeout.ms", "6000"),
                        Map.entry("heartbeat.interval.ms", "2000")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer", "CONSUMER"})
    void kafkaTakesThePropertiesUnderEitherGroupProtocol(String protocol) {
        KafkaConfig kafka =
                Configs.load("kafka.consumer.group.protocol=" + protocol).kafka();

        ConsumerConfig consumer = new ConsumerConfig(kafka.consumerProperties());
        ProducerConfig producer = new ProducerConfig(kafka.producerProperties());
        AdminClientConfig admin = new AdminClientConfig(kafka.adminProperties());

        assertThat(ConsumerConfig.configNames())
                .containsAll(kafka.consumerProperties().keySet());
        assertThat(ProducerConfig.configNames())
                .containsAll(kafka.producerProperties().keySet());
        assertThat(consumer.getString("group.protocol")).isEqualTo(protocol);
        assertThat(producer.getString("acks")).isEqualTo("-1");
        assertThat(admin.getList("bootstrap.servers")).containsExactly("localhost:9092");
    }

    @Test
    void aProducerWithTransactionsGetsItsIdAndShorterTimes() {
        KafkaConfig kafka = Configs.load("kafka.producer.linger.ms=20").kafka();

        Map<String, Object> properties = kafka.transactionalProducerProperties("stepvault-1");

        assertThat(properties)
                .containsEntry("transactional.id", "stepvault-1")
                .containsEntry("transaction.timeout.ms", "10000")
                .containsEntry("delivery.timeout.ms", "8000")
                .containsEntry("request.timeout.ms", "5000")
                .containsEntry("max.in.flight.requests.per.connection", "1")
                .containsEntry("acks", "all")
                .containsEntry("linger.ms", "20");
        assertThat(ProducerConfig.configNames()).containsAll(properties.keySet());
        assertThat(kafka.producerProperties())
                .doesNotContainKeys("transactional.id", "transaction.timeout.ms")
                .containsEntry("delivery.timeout.ms", "30000");
        assertThat(kafka.transactionTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(Configs.load("kafka.producer.transaction.timeout.ms=60000")
                        .kafka()
                        .transactionTimeout())
                .isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void timesThatATransactionCannotKeepAreRefused() {
        assertThat(Configs.problems("kafka.producer.delivery.timeout.ms=10000"))
                .singleElement()
                .asString()
                .contains("is not less than transaction.timeout.ms (10000)");
        assertThat(Configs.problems("kafka.request.timeout.ms=8000"))
                .singleElement()
                .asString()
                .contains("is not less than delivery.timeout.ms (8000)");
        assertThat(Configs.problems(
                        "kafka.producer.delivery.timeout.ms=30000", "kafka.producer.transaction.timeout.ms=60000"))
                .isEmpty();
        assertThat(Configs.problems("completions.delivery=at-least-once", "kafka.producer.delivery.timeout.ms=60000"))
                .isEmpty();
    }

    @Test
    void tellsWhenTheGroupTakesAWorkerForDead() {
        assertThat(Configs.load().kafka().sessionTimeout()).contains(Duration.ofSeconds(6));
        assertThat(Configs.load("kafka.consumer.session.timeout.ms=9000")
                        .kafka()
                        .sessionTimeout())
                .contains(Duration.ofSeconds(9));
        assertThat(Configs.load("kafka.consumer.group.protocol=consumer")
                        .kafka()
                        .sessionTimeout())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka.", "kafka.consumer."})
    void theConsumerProtocolGetsNoKeysThatItRefuses(String prefix) {
        Map<String, Object> properties =
                Configs.load(prefix + "group.protocol=consumer").kafka().consumerProperties();

        assertThat(properties)
                .containsEntry("group.protocol", "consumer")
                .doesNotContainKeys("partition.assignment.strategy", "session.timeout.ms", "heartbeat.interval.ms");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka.consumer.session.timeout.ms=9000",
                "kafka.heartbeat.interval.ms=3000",
                "kafka.consumer.partition.assignment.strategy=org.apache.kafka.clients.consumer.RangeAssignor"
            })
    void keysThatTheConsumerProtocolRefusesAreReported(String line) {
        assertThat(Configs.problems("kafka.consumer.group.protocol=consumer", line))
                .containsExactly(line.substring(0, line.indexOf('='))
                        + " (given): with group.protocol=consumer the broker's setting rules; remove the key");
    }

    @Test
    void staticMembersAreForTheClassicProtocolOnly() {
        String id = "kafka.consumer.group.instance.id=worker-3";

        assertThat(Configs.load(id).kafka().groupInstanceId()).contains("worker-3");
        assertThat(Configs.load(id).kafka().consumerProperties()).containsEntry("group.instance.id", "worker-3");
        assertThat(Configs.problems("kafka.consumer.group.protocol=consumer", id))
                .singleElement()
                .asString()
                .contains("kafka.consumer.group.instance.id", "use group.protocol=classic");
    }

    @Test
    void defaultsCanBeOverriddenAndAClientsOwnPrefixWins() {
        KafkaConfig kafka = Configs.load(
                        "kafka.max.poll.records=1",
                        "kafka.consumer.max.poll.records=2",
                        "kafka.session.timeout.ms=9000",
                        "kafka.consumer.fetch.max.bytes=1000")
                .kafka();

        assertThat(kafka.consumerProperties())
                .containsEntry("max.poll.records", "2")
                .containsEntry("session.timeout.ms", "9000");
        assertThat(kafka.fetchMaxBytes()).isEqualTo(new ByteSize(1000));
        assertThat(Configs.load().kafka().fetchMaxBytes()).isEqualTo(ByteSize.ofMiB(4));
    }

    @Test
    void sharedKeysReachTheClientsThatKnowThemAndPlugInsKeysReachAll() {
        KafkaConfig kafka = Configs.load(
                        "kafka.security.protocol=SSL",
                        "kafka.max.poll.records=1",
                        "kafka.linger.ms=5",
                        "kafka.my.plugin.region=eu",
                        "kafka.admin.retries=3")
                .kafka();

        assertThat(List.of(kafka.consumerProperties(), kafka.producerProperties(), kafka.adminProperties()))
                .allSatisfy(properties -> assertThat(properties)
                        .containsEntry("security.protocol", "SSL")
                        .containsEntry("my.plugin.region", "eu")
                        .containsEntry("bootstrap.servers", "localhost:9092"));
        assertThat(kafka.consumerProperties())
                .containsKey("max.poll.records")
                .doesNotContainKeys("linger.ms", "retries");
        assertThat(kafka.producerProperties()).containsEntry("linger.ms", "5").doesNotContainKey("max.poll.records");
        assertThat(kafka.adminProperties()).containsEntry("retries", "3").doesNotContainKey("linger.ms");
    }

    @ParameterizedTest
    @CsvSource({
        "kafka.consumer.enable.auto.commit, true, offsets are committed only once captures are stored",
        "kafka.enable.auto.commit, true, offsets are committed only once captures are stored",
        "kafka.consumer.isolation.level, read_uncommitted, captures of aborted transactions",
        "kafka.consumer.auto.offset.reset, earliest, the worker itself decides where a new group starts",
        "kafka.consumer.key.deserializer, x.Y, the worker decodes records itself",
        "kafka.value.deserializer, x.Y, the worker decodes records itself",
        "kafka.producer.acks, 1, must survive the loss of a broker",
        "kafka.producer.enable.idempotence, false, must not double a completion",
        "kafka.producer.value.serializer, x.Y, the worker encodes events itself",
        "kafka.consumer.group.id, other, set only group.id",
        "kafka.group.id, other, set only group.id",
        "kafka.producer.group.id, other, write kafka.consumer.group.id",
        "kafka.producer.bootstrap.servers, other:1, all topics live on one cluster",
        "kafka.producer.transactional.id, t, derives it from the id in its spool.dir",
        "kafka.transactional.id, t, derives it from the id in its spool.dir",
    })
    void aKeyThatTheWorkerSetsForGoodIsRefusedWithTheReason(String key, String value, String reason) {
        assertThat(Configs.problems(key + "=" + value))
                .singleElement()
                .asString()
                .startsWith(key + " (given): ")
                .contains(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka.consumer.enable.auto.commit=FALSE",
                "kafka.isolation.level=read_committed",
                "kafka.consumer.auto.offset.reset=none",
                "kafka.consumer.group.id=stepvault",
                "kafka.producer.acks=all",
                "kafka.admin.bootstrap.servers=localhost:9092",
            })
    void theSameValueAsTheWorkersIsTaken(String line) {
        assertThat(Configs.problems(line)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "kafka.consumer.max.pol.records, kafka.consumer.max.poll.records",
        "kafka.comsumer.max.poll.records, kafka.consumer.max.poll.records",
        "kafka.ssl.truststore.locaton, kafka.ssl.truststore.location",
    })
    void aKeyThatIsAllButOneOfKafkasIsRefused(String mistyped, String meant) {
        assertThat(Configs.problems(mistyped + "=1"))
                .containsExactly(mistyped + " (given): unknown key; did you mean " + meant + "?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka.", "kafka.consumer."})
    void aPrefixAloneIsRefused(String prefix) {
        assertThat(Configs.problems(prefix + "=1"))
                .containsExactly(prefix + " (given): names no key of Kafka; write for example " + prefix + "client.id");
    }

    @Test
    void aKeyOfAnotherClientIsRefusedWithItsPlace() {
        assertThat(Configs.problems("kafka.consumer.linger.ms=5"))
                .containsExactly(
                        "kafka.consumer.linger.ms (given): that client has no such key; write kafka.producer.linger.ms");
    }

    @Test
    void aValueThatKafkaWouldRefuseIsReported() {
        assertThat(Configs.problems(
                        "kafka.consumer.max.poll.records=many",
                        "kafka.producer.compression.type=rar",
                        "kafka.security.protocol=NONE"))
                .hasSize(3)
                .allSatisfy(problem -> assertThat(problem).contains("Kafka refuses it: "));
    }

    @Test
    void aValueFromAConfigurationProviderIsNotJudged() {
        assertThat(Configs.problems(
                        "kafka.config.providers=file",
                        "kafka.consumer.max.poll.interval.ms=${file:/etc/x:interval}",
                        "kafka.consumer.fetch.max.bytes=${file:/etc/x:bytes}"))
                .isEmpty();
    }

    @Test
    void secretsReachTheClientsButShowNowhere() {
        WorkerConfig config = Configs.load(
                "kafka.sasl.jaas.config=hunter2",
                "kafka.ssl.keystore.key=hunter2",
                "kafka.ssl.key.password=hunter2",
                "kafka.consumer.ssl.truststore.password=hunter2",
                "kafka.my.plugin.api.key=hunter2",
                "kafka.my.plugin.auth.token=hunter2",
                "kafka.sasl.oauthbearer.token.endpoint.url=https://me:hunter2@host/token");

        Map<String, Object> consumer = config.kafka().consumerProperties();

        assertThat(consumer)
                .containsEntry("sasl.jaas.config", new Password("hunter2"))
                .containsEntry("ssl.keystore.key", new Password("hunter2"))
                .containsEntry("ssl.truststore.password", new Password("hunter2"))
                .containsEntry("my.plugin.api.key", "hunter2")
                .containsEntry("sasl.oauthbearer.token.endpoint.url", "https://me:hunter2@host/token");
        assertThat(new ConsumerConfig(consumer).getPassword("sasl.jaas.config").value())
                .isEqualTo("hunter2");
        assertThat(config.lines())
                .contains(
                        "kafka.sasl.jaas.config=****",
                        "kafka.my.plugin.api.key=****",
                        "kafka.my.plugin.auth.token=****",
                        "kafka.sasl.oauthbearer.token.endpoint.url=****")
                .noneMatch(line -> line.contains("hunter2"));
        assertThat(config.toString()).doesNotContain("hunter2");
    }

    @Test
    void secretsShowInNoMessage() {
        assertThat(Configs.problems(
                        "kafka.sasl.jaas.confg=hunter2",
                        "kafka.consumer.ssl.key.passwrd=hunter2",
                        "kafka.consumer.max.poll.interval.ms=https://me:hunter2@host",
                        "kafka.security.protocol=https://me:hunter2@host",
                        "kafka.consumer.key.deserializer=https://me:hunter2@host"))
                .hasSize(5)
                .noneMatch(problem -> problem.contains("hunter2"));
    }

    @Test
    void aPublisherGetsWhatTheOperatorPassesThroughAndNoneOfTheWorkersOwnDefaults() {
        Map<String, Object> properties = Configs.load(
                        "kafka.security.protocol=SASL_SSL", "kafka.producer.linger.ms=20", "kafka.producer.acks=all")
                .kafka()
                .publisherProperties();

        assertThat(properties)
                .containsExactlyInAnyOrderEntriesOf(Map.of("security.protocol", "SASL_SSL", "linger.ms", "20"));
    }
}

package io.stepvault.worker.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTwinsTest {
    @Test
    void theEnvironmentWinsOverTheFile() {
        WorkerConfig config = WorkerConfig.load(
                Configs.with("batch.max.age=5s"), Map.of("STEPVAULT_BATCH_MAX_AGE", "7s"), Configs.MACHINE);

        assertThat(config.batch().maxAge()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void theEnvironmentAloneIsEnough() {
        WorkerConfig config = WorkerConfig.load(
                Map.of(),
                Map.of(
                        "STEPVAULT_KAFKA_BOOTSTRAP_SERVERS", "broker:9092",
                        "STEPVAULT_STORE_URI", "s3://bucket",
                        "STEPVAULT_TOPIC_DEAD_LETTERS", "dead",
                        "STEPVAULT_KAFKA_CONSUMER_MAX_POLL_RECORDS", "7",
                        "STEPVAULT_KAFKA_SECURITY_PROTOCOL", "SSL"),
                Configs.MACHINE);

        assertThat(config.kafka().bootstrapServers()).isEqualTo("broker:9092");
        assertThat(config.kafka().topics().deadLetters()).isEqualTo("dead");
        assertThat(config.kafka().consumerProperties())
                .containsEntry("max.poll.records", "7")
                .containsEntry("security.protocol", "SSL");
    }

    @Test
    void aMistakeNamesTheVariable() {
        assertThat(Configs.problems(Configs.with("batch.max.age=5s"), Map.of("STEPVAULT_BATCH_MAX_AGE", "7")))
                .containsExactly("batch.max.age (STEPVAULT_BATCH_MAX_AGE): '7' is not a duration; write 500ms, 5s, 2m,"
                        + " 24h or 7d");
    }

    @ParameterizedTest
    @CsvSource({
        "STEPVAULT_BATCH_MAXAGE, STEPVAULT_BATCH_MAX_AGE",
        "STEPVAULT_STORE_URL, STEPVAULT_STORE_URI",
        "STEPVAULT_HTTP_PRT, STEPVAULT_HTTP_PORT",
    })
    void anUnknownVariableIsRefusedWithTheNearestOne(String unknown, String nearest) {
        assertThat(Configs.problems(Configs.with(), Map.of(unknown, "1")))
                .containsExactly(unknown + ": unknown key; did you mean " + nearest + "?");
    }

    @Test
    void aMistypedKafkaVariableIsRefusedWithTheNearestKey() {
        assertThat(Configs.problems(Configs.with(), Map.of("STEPVAULT_KAFKA_CONSUMER_MAX_POL_RECORDS", "1")))
                .containsExactly(
                        "kafka.consumer.max.pol.records (STEPVAULT_KAFKA_CONSUMER_MAX_POL_RECORDS): unknown key;"
                                + " did you mean kafka.consumer.max.poll.records?");
    }

    @Test
    void anEmptyVariableCountsAsNotSet() {
        WorkerConfig config = WorkerConfig.load(
                Configs.with(), Map.of("STEPVAULT_BATCH_MAX_AGE", "", "STEPVAULT_NO_SUCH_KEY", ""), Configs.MACHINE);

        assertThat(config.batch().maxAge()).isEqualTo(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PATH",
                "STEPVAULTISH",
                "STEPVAULT_JAVA_OPTS",
                "STEPVAULT_DEBUG",
                "STEPVAULT_BUILDING",
                "STEPVAULT_TEST_STORE",
                "STEPVAULT_SERVICE_HOST",
                "STEPVAULT_SERVICE_PORT",
                "STEPVAULT_SERVICE_PORT_HTTP",
                "STEPVAULT_PORT",
                "STEPVAULT_PORT_8080_TCP",
                "STEPVAULT_PORT_8080_TCP_ADDR",
                "STEPVAULT_KAFKA_SERVICE_HOST",
                "STEPVAULT_KAFKA_PORT_9092_TCP_PROTO",
            })
    void variablesOfTheLauncherTheTestsAndKubernetesAreIgnored(String variable) {
        assertThat(Configs.problems(Configs.with(), Map.of(variable, "tcp://10.0.0.1:80")))
                .isEmpty();
    }

    @Test
    void theTwinOfAKeyIsNotTakenForAVariableOfKubernetes() {
        WorkerConfig config = WorkerConfig.load(Configs.with(), Map.of("STEPVAULT_HTTP_PORT", "9999"), Configs.MACHINE);

        assertThat(config.process().http().port()).isEqualTo(9999);
    }
}

package io.stepvault.worker.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.worker.cli.cluster.BrokerSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TransactionCheckTest {
    private static BrokerSettings brokers(String name, String value) {
        return new BrokerSettings(Map.of(name, value));
    }

    @Test
    void brokersThatTakeLessMetadataThanAWorkerWritesAreAFailure() {
        assertThat(TransactionCheck.metadata(brokers("offset.metadata.max.bytes", "4095")))
                .hasValueSatisfying(finding -> assertThat(finding.line())
                        .startsWith("FAIL  transactions")
                        .contains("set it to 4096"));
        assertThat(TransactionCheck.metadata(brokers("offset.metadata.max.bytes", "4096")))
                .isEmpty();
        assertThat(TransactionCheck.metadata(new BrokerSettings(Map.of()))).isEmpty();
    }

    @Test
    void aTransactionTimeoutThatTheBrokersRefuseIsAFailure() {
        BrokerSettings brokers = brokers("transaction.max.timeout.ms", "5000");

        assertThat(TransactionCheck.timeout(brokers, Duration.ofSeconds(10)))
                .hasValueSatisfying(finding -> assertThat(finding.line())
                        .startsWith("FAIL  transactions")
                        .contains("10s", "5s", "kafka.producer.transaction.timeout.ms"));
        assertThat(TransactionCheck.timeout(brokers, Duration.ofSeconds(5))).isEmpty();
    }
}

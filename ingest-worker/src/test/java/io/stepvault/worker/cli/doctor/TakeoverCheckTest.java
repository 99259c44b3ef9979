package io.stepvault.worker.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.worker.cli.cluster.BrokerSettings;
import io.stepvault.worker.config.Machine;
import io.stepvault.worker.config.WorkerConfig;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TakeoverCheckTest {
    private static final BrokerSettings UNTOLD = new BrokerSettings(Map.of());

    private static String line(BrokerSettings brokers, Map<String, String> more) {
        Map<String, String> properties =
                new HashMap<>(Map.of("kafka.bootstrap.servers", "localhost:9092", "store.uri", "file:///tmp/store"));
        properties.putAll(more);
        return new TakeoverCheck(brokers)
                .look(WorkerConfig.load(properties, Map.of(), Machine.ofCommandLine()))
                .line();
    }

    @Test
    void tellsTheFiguresOfTheDefaults() {
        assertThat(line(UNTOLD, Map.of()))
                .isEqualTo(
                        "ok    takeover        a killed worker's partitions move after 6s; killed inside a transaction,"
                                + " after up to 20s");
        assertThat(line(UNTOLD, Map.of("completions.delivery", "at-least-once")))
                .endsWith("move after 6s");
    }

    @Test
    void goesByTheBrokersSettings() {
        BrokerSettings quick = new BrokerSettings(Map.of(
                "group.consumer.session.timeout.ms", "9000",
                "transaction.abort.timed.out.transaction.cleanup.interval.ms", "500"));
        Map<String, String> consumer = Map.of("kafka.consumer.group.protocol", "consumer");

        assertThat(line(quick, consumer)).startsWith("ok").contains("after 9s", "up to 10500ms");
        assertThat(line(quick, Map.of())).contains("after 6s");
        assertThat(line(UNTOLD, consumer))
                .startsWith("warn")
                .contains("after 45s", "Kafka's default", "group.protocol=classic");
    }

    @Test
    void aSessionTimeoutOfOnesOwnThatIsLongIsTold() {
        assertThat(line(UNTOLD, Map.of("kafka.consumer.session.timeout.ms", "45000")))
                .startsWith("warn")
                .endsWith("lower kafka.consumer.session.timeout.ms");
    }

    @Test
    void aStaticMemberNeedsTimeToComeBack() {
        String id = "kafka.consumer.group.instance.id";

        assertThat(line(UNTOLD, Map.of(id, "worker-3", "kafka.consumer.session.timeout.ms", "45000")))
                .startsWith("ok")
                .contains("after 45s", "as worker-3");
        assertThat(line(UNTOLD, Map.of(id, "worker-3"))).startsWith("warn").contains("after 6s", "raise the session");
    }
}

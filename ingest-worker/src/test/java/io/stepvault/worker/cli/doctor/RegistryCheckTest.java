package io.stepvault.worker.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.registry.testing.FakeRegistry;
import io.stepvault.wire.ContractSchemas;
import io.stepvault.worker.cli.doctor.Finding.Status;
import io.stepvault.worker.config.Machine;
import io.stepvault.worker.config.WorkerConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RegistryCheckTest {
    private static final String SUBJECT = "step-captures-value";

    private final FakeRegistry registry = FakeRegistry.started();

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void withoutARegistryThereIsNothingToSay() {
        assertThat(look(Map.of())).isEmpty();
    }

    @Test
    void schemaThatWorkersCanReadIsFine() {
        registry.register(SUBJECT, ContractSchemas.stepCapture().toString());

        assertThat(finding().line()).startsWith("ok").endsWith("step-captures-value has version 1, id 1");
    }

    @Test
    void emptySubjectIsTold() {
        assertThat(finding().status()).isEqualTo(Status.WARN);
        assertThat(finding().line()).contains("stepvault schemas register");
    }

    @Test
    void schemaThatWorkersCannotReadIsAFailure() {
        registry.register(SUBJECT, "\"string\"");

        assertThat(finding().status()).isEqualTo(Status.FAIL);
        assertThat(finding().detail()).contains("which workers cannot read: it is a STRING");
    }

    @Test
    void registryThatIsAwayOrFileThatIsMissingIsAFailure() {
        registry.stop();
        assertThat(finding().line()).startsWith("FAIL").contains("does not answer");

        assertThat(look(Map.of(
                        "schema.registry.url",
                        registry.url(),
                        "schema.registry.ssl.truststore.location",
                        "/no/such/file")))
                .singleElement()
                .satisfies(
                        finding -> assertThat(finding.line()).startsWith("FAIL").contains("/no/such/file"));
    }

    private Finding finding() {
        return look(Map.of("schema.registry.url", registry.url())).get(0);
    }

    private static List<Finding> look(Map<String, String> more) {
        Map<String, String> properties =
                new HashMap<>(Map.of("kafka.bootstrap.servers", "localhost:9092", "store.uri", "file:///tmp/store"));
        properties.putAll(more);
        return RegistryCheck.look(
                WorkerConfig.load(properties, Map.of(), Machine.ofCommandLine()).kafka());
    }
}

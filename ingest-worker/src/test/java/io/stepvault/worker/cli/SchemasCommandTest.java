package io.stepvault.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.registry.testing.FakeRegistry;
import io.stepvault.wire.ContractSchemas;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SchemasCommandTest {
    private static final String SUBJECT = "step-captures-value";

    private final FakeRegistry registry = FakeRegistry.started();

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void registersOnceAndSaysTheId() {
        CommandRun first = run("register");
        CommandRun again = run("register", "--json");

        assertThat(first.exitCode()).as(first.err()).isZero();
        assertThat(first.out()).isEqualTo("The schema of step captures is version 1 of step-captures-value, id 1\n");
        assertThat(again.out()).isEqualTo("{\"subject\":\"step-captures-value\",\"id\":1,\"version\":1}\n");
        assertThat(registry.schemasOf(SUBJECT))
                .containsExactly(ContractSchemas.stepCapture().toString());
    }

    @Test
    void subjectFollowsTheTopicOrIsNamed() {
        assertThat(CommandRun.in(
                                Map.of(
                                        "STEPVAULT_SCHEMA_REGISTRY_URL",
                                        registry.url(),
                                        "STEPVAULT_TOPIC_CAPTURES",
                                        "t"),
                                "schemas",
                                "register")
                        .exitCode())
                .isZero();
        assertThat(run("register", "--subject", "a/b").exitCode()).isZero();

        assertThat(registry.schemasOf("t-value")).hasSize(1);
        assertThat(registry.schemasOf("a/b")).hasSize(1);
    }

    @Test
    void checkOfAnEmptySubjectIsFine() {
        CommandRun check = run("check");

        assertThat(check.exitCode()).isZero();
        assertThat(check.out()).contains("Nothing is registered under step-captures-value");
    }

    @Test
    void checkSaysWhetherItMayFollowAndWhetherWorkersCanRead() {
        registry.register(SUBJECT, ContractSchemas.stepCapture().toString());
        assertThat(run("check").exitCode()).isZero();
        assertThat(run("check").out()).isEqualTo("""
                        The schema of step captures may follow version 1 of step-captures-value, id 1
                        Workers can read what it writes
                        """);

        registry.register(SUBJECT, "{\"type\":\"record\",\"name\":\"Other\",\"fields\":[]}");
        CommandRun check = run("check");
        assertThat(check.exitCode()).isEqualTo(1);
        assertThat(check.out())
                .contains("is incompatible with version 2")
                .contains("Workers cannot read what it writes: it is Other; expected io.stepvault.event.StepCapture");
        assertThat(run("check", "--json").out()).contains("\"compatible\":false");
        assertThat(run("register").exitCode()).isEqualTo(0); // version 1 is there already
    }

    @Test
    void refusalIsOneLineAndAProblem() {
        registry.register(SUBJECT, "{\"type\":\"record\",\"name\":\"Other\",\"fields\":[]}");

        CommandRun register = run("register");

        assertThat(register.exitCode()).isEqualTo(1);
        assertThat(register.errLines()).singleElement().asString().startsWith("stepvault: refused: " + registry.url());
    }

    @Test
    void listsSubjects() {
        assertThat(run("list").err()).contains("nothing is registered");
        registry.register(SUBJECT, ContractSchemas.stepCapture().toString());
        registry.register("other", "\"string\"");

        assertThat(run("list")
                        .out()
                        .lines()
                        .map(line -> line.replaceAll(" +", " ").strip()))
                .containsExactly(
                        "SUBJECT VERSIONS LATEST ID TYPE CAPTURES",
                        "other 1 1 4 AVRO no",
                        "step-captures-value 1 1 1 AVRO yes");
        assertThat(run("list", "--json").out().lines())
                .hasSize(2)
                .allMatch(line -> line.contains("\"latest_version\":1"));
    }

    @Test
    void registryThatIsAwayOrNotNamedIsSaidSo() {
        registry.stop();
        CommandRun away = run("list");
        assertThat(away.exitCode()).isEqualTo(3);
        assertThat(away.errLines()).singleElement().asString().contains(registry.url() + " does not answer");

        CommandRun unnamed = CommandRun.of("schemas", "list");
        assertThat(unnamed.exitCode()).isEqualTo(2);
        assertThat(unnamed.err()).contains("no schema registry named");

        CommandRun wrong = CommandRun.of("schemas", "list", "--registry", "http://me:sesame@registry");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("must not hold credentials").doesNotContain("sesame");

        assertThat(CommandRun.of("schemas").exitCode()).isEqualTo(2);
    }

    private CommandRun run(String command, String... options) {
        String[] all = new String[options.length + 4];
        all[0] = "schemas";
        all[1] = command;
        all[2] = "--registry";
        all[3] = registry.url();
        System.arraycopy(options, 0, all, 4, options.length);
        return CommandRun.of(all);
    }
}

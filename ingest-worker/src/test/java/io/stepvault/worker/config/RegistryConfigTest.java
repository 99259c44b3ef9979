package io.stepvault.worker.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.stepvault.registry.Credentials;
import io.stepvault.registry.RegistrySettings;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RegistryConfigTest {
    @Test
    void withoutAUrlThereIsNoRegistry() {
        assertThat(Configs.load().kafka().registry()).isEqualTo(RegistryConfig.NONE);
    }

    @Test
    void everyKeyArrives() {
        RegistryConfig config = Configs.load(
                        "schema.registry.url=http://a:8081,http://b:8081",
                        "schema.registry.token=abc",
                        "schema.registry.timeout=2s",
                        "schema.registry.cache.size=5",
                        "schema.registry.unknown.ttl=1m",
                        "schema.registry.ssl.truststore.location=/etc/ca.pem")
                .kafka()
                .registry();

        RegistrySettings settings = config.settings().orElseThrow();
        assertThat(settings.urls()).containsExactly(URI.create("http://a:8081"), URI.create("http://b:8081"));
        assertThat(settings.credentials()).isEqualTo(new Credentials.Bearer("abc"));
        assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.tls().trust().orElseThrow().file()).hasToString("/etc/ca.pem");
        assertThat(config.cache().maxSchemas()).isEqualTo(5);
        assertThat(config.cache().unknownFor()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void halfOfWhatBelongsTogetherIsRefused() {
        assertThat(Configs.problems("schema.registry.url=http://a", "schema.registry.user=me"))
                .containsExactly(
                        "schema.registry.user (given): is set, but schema.registry.password is not; set both or"
                                + " none");
        assertThat(Configs.problems("schema.registry.token=abc"))
                .containsExactly(
                        "schema.registry.token (given): is set, but schema.registry.url is not; set both or none");
        assertThat(Configs.problems(
                        "schema.registry.url=http://a",
                        "schema.registry.user=me",
                        "schema.registry.password=sesame",
                        "schema.registry.token=abc"))
                .containsExactly("schema.registry.token (given): is set, and so is schema.registry.user; leave one of"
                        + " them out");
    }

    @Test
    void secretsDoNotShowInMistakes() {
        assertThat(Configs.problems(
                        "schema.registry.url=http://me:sesame@registry", "schema.registry.token=open sesame"))
                .hasSize(2)
                .noneMatch(problem -> problem.contains("sesame"));
    }
}

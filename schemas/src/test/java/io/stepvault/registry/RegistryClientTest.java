package io.stepvault.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.registry.RegistryAnswer.Missing;
import io.stepvault.registry.RegistryAnswer.Refused;
import io.stepvault.registry.RegistryAnswer.Unavailable;
import io.stepvault.registry.testing.FakeRegistry;
import io.stepvault.wire.ContractSchemas;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract on the fake registry, and what a real one cannot be made to do. */
class RegistryClientTest extends RegistryContract {
    private static final RegistrySettings.Retry QUICK = new RegistrySettings.Retry(2, Duration.ofMillis(2));
    private static final String HTML = "<html><body>It works!</body></html>";

    private final FakeRegistry registry = FakeRegistry.started();
    private final RegistryClient client = new RegistryClient(settings(registry.url()));

    @Override
    RegistryClient client() {
        return client;
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void serverErrorIsTriedAgain() throws InterruptedException {
        registry.put(7, "\"string\"");
        registry.answerNext(1, 500, HTML);

        assertThat(found(client.schema(7)).text()).isEqualTo("\"string\"");
    }

    @Test
    void serverThatGoesOnFailingIsUnavailable() throws InterruptedException {
        registry.answerNext(2, 503, "");

        assertThat(unavailable(client.schema(7)).operatorMustAct()).isFalse();
        assertThat(registry.requests()).hasSize(2);
    }

    @Test
    void serverThatIsGoneIsUnavailable() throws InterruptedException {
        registry.stop();

        Unavailable<?> answer = unavailable(client.schema(7));

        assertThat(answer.operatorMustAct()).isFalse();
        assertThat(answer.why()).contains(registry.url());
    }

    @Test
    void serverThatNeverAnswersIsUnavailable() throws IOException, InterruptedException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            RegistryClient impatient = new RegistryClient(
                    settings("http://127.0.0.1:" + silent.getLocalPort()).withTimeout(Duration.ofMillis(50)));

            assertThat(unavailable(impatient.schema(7)).operatorMustAct()).isFalse();
        }
    }

    @Test
    void missingPageIsNoProofThatAnIdIsUnknown() throws InterruptedException {
        registry.answerNext(1, 404, HTML);

        assertThat(unavailable(client.schema(7)).operatorMustAct()).isTrue();
    }

    @Test
    void answerOfSomethingElseIsUnavailable() throws InterruptedException {
        registry.answerNext(1, 200, HTML);
        assertThat(unavailable(client.schema(7)).operatorMustAct()).isTrue();

        registry.answerNext(1, 200, "{\"schema\": 5}");
        assertThat(unavailable(client.schema(7)).operatorMustAct()).isTrue();

        registry.answerNext(1, 200, "");
        assertThat(unavailable(client.schema(7)).operatorMustAct()).isTrue();
    }

    @Test
    void answerThatIsTooLargeIsUnavailable() throws InterruptedException {
        registry.answerNext(2, 200, "{\"schema\": \"" + "x".repeat(5 << 20) + "\"}");

        assertThat(unavailable(client.schema(7)).why()).contains("more than 4194304 bytes");
    }

    @Test
    void schemaThatAnotherServerHasJustRegisteredIsFound() throws InterruptedException {
        registry.put(7, "\"string\"");
        registry.answerNext(1, 404, "{\"error_code\": 40403, \"message\": \"Schema 7 not found\"}");

        assertThat(found(client.schema(7)).text()).isEqualTo("\"string\"");
    }

    @Test
    void nextServerIsAskedAndThenStayedWith() throws InterruptedException {
        try (FakeRegistry other = FakeRegistry.started()) {
            other.put(7, "\"string\"");
            RegistryClient both = new RegistryClient(settings(registry.url() + ", " + other.url()));
            registry.stop();

            assertThat(found(both.schema(7)).text()).isEqualTo("\"string\"");
            registry.start();
            assertThat(found(both.schema(7)).text()).isEqualTo("\"string\"");

            assertThat(registry.requests()).isEmpty();
        }
    }

    @Test
    void redirectIsNotFollowed() throws InterruptedException {
        try (FakeRegistry thief = FakeRegistry.started()) {
            registry.answerNext(1, 307, "", Map.of("Location", thief.url() + "/schemas/ids/7"));
            RegistryClient trusting =
                    new RegistryClient(settings(registry.url()).withCredentials(new Credentials.Basic("me", "secret")));

            assertThat(unavailable(trusting.schema(7)).operatorMustAct()).isTrue();
            assertThat(thief.requests()).isEmpty();
        }
    }

    @Test
    void wrongCredentialsAreAnOutageThatAnOperatorMustEnd() throws InterruptedException {
        registry.put(7, "\"string\"");
        registry.demandAuthorization("Basic bWU6c8Okc2FtZQ=="); // me:säsame
        RegistryClient right =
                new RegistryClient(settings(registry.url()).withCredentials(new Credentials.Basic("me", "säsame")));

        Unavailable<?> answer = unavailable(client.schema(7));

        assertThat(answer.operatorMustAct()).isTrue();
        assertThat(answer.why()).contains("401").contains("credentials");
        assertThat(found(right.schema(7)).text()).isEqualTo("\"string\"");
    }

    @Test
    void tokenIsSent() throws InterruptedException {
        registry.put(7, "\"string\"");
        registry.demandAuthorization("Bearer abc.def");
        RegistryClient right =
                new RegistryClient(settings(registry.url()).withCredentials(new Credentials.Bearer("abc.def")));

        assertThat(found(right.schema(7)).text()).isEqualTo("\"string\"");
    }

    @Test
    void secretsDoNotShow() {
        RegistrySettings settings = settings("http://registry:8081");

        assertThat(settings.withCredentials(new Credentials.Basic("me", "sesame"))
                        .toString())
                .contains("me")
                .doesNotContain("sesame");
        assertThat(settings.withCredentials(new Credentials.Bearer("sesame")).toString())
                .doesNotContain("sesame");
    }

    @Test
    void invalidSchemaIsRefused() throws InterruptedException {
        registry.answerNext(1, 422, "{\"error_code\": 42201, \"message\": \"Invalid\\nschema\"}");

        RegistryAnswer<Integer> answer = client.register("s", ContractSchemas.stepCapture());

        assertThat(answer).isInstanceOf(Refused.class);
        assertThat(((Refused<?>) answer).why()).isEqualTo(registry.url() + " answers 422 (Invalid schema)");
    }

    @Test
    void subjectIsOneSegmentOfThePath() throws InterruptedException {
        assertThat(client.latest("a/b c+d")).isInstanceOf(Missing.class);

        assertThat(registry.requests()).containsExactly("GET /subjects/a%2Fb%20c%2Bd/versions/latest");
    }

    @Test
    void idsAreUnsigned() throws InterruptedException {
        assertThat(client.schema(-1)).isNotNull();

        assertThat(registry.requests()).first().isEqualTo("GET /schemas/ids/4294967295");
    }

    @Test
    void urlsMustBeThoseOfARegistry() {
        for (String url : new String[] {
            "",
            "registry:8081",
            "ftp://registry",
            "http://me:secret@registry",
            "http://registry?a=b",
            "http://a,,http://b"
        }) {
            assertThatThrownBy(() -> RegistrySettings.of(url))
                    .as(url)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("secret");
        }
        assertThat(RegistrySettings.of("http://a:1/apis/ccompat/v7/, https://b").urls())
                .hasSize(2);
    }

    private static RegistrySettings settings(String urls) {
        return RegistrySettings.of(urls).withRetry(QUICK);
    }

    private static Unavailable<?> unavailable(RegistryAnswer<?> answer) {
        assertThat(answer).isInstanceOf(Unavailable.class);
        return (Unavailable<?>) answer;
    }
}

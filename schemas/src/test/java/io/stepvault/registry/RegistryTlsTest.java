package io.stepvault.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepvault.registry.RegistryAnswer.Unavailable;
import io.stepvault.registry.RegistryTls.StoreFile;
import io.stepvault.registry.testing.FakeRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry behind TLS, whose certificate only those trust who are told to. */
class RegistryTlsTest {
    private static final String PASSWORD = "sesame-1";

    @TempDir
    private Path directory = Path.of("");

    private Optional<FakeRegistry> started = Optional.empty();

    @BeforeEach
    void start() throws IOException, InterruptedException {
        keytool("-genkeypair", "-alias", "r", "-keyalg", "EC", "-dname", "CN=registry", "-ext", "san=ip:127.0.0.1");
        keytool("-exportcert", "-alias", "r", "-rfc", "-file", file("r.pem").toString());
        RegistryTls server = new RegistryTls(Optional.empty(), Optional.of(new StoreFile(file("r.p12"), PASSWORD)));
        started = Optional.of(FakeRegistry.started(server.context().orElseThrow()));
        started.get().put(7, "\"string\"");
    }

    @AfterEach
    void stop() {
        started.ifPresent(FakeRegistry::close);
    }

    @Test
    void certificateIsTrustedByPemAndByKeyStore() throws InterruptedException {
        for (StoreFile trust : List.of(new StoreFile(file("r.pem"), ""), new StoreFile(file("r.p12"), PASSWORD))) {
            RegistryClient client = client(new RegistryTls(Optional.of(trust), Optional.empty()));

            assertThat(RegistryContract.found(client.schema(7)).text()).isEqualTo("\"string\"");
        }
    }

    @Test
    void certificateThatIsNotTrustedIsAnOutageThatAnOperatorMustEnd() throws InterruptedException {
        RegistryAnswer<?> answer = client(RegistryTls.DEFAULT).schema(7);

        assertThat(answer).isInstanceOf(Unavailable.class);
        assertThat(((Unavailable<?>) answer).operatorMustAct()).isTrue();
    }

    @Test
    void fileThatCannotBeReadIsNamedAndItsPasswordIsNot() throws IOException {
        Files.writeString(file("no.p12"), "nothing");

        for (StoreFile broken : List.of(
                new StoreFile(file("r.p12"), "wrong-sesame"),
                new StoreFile(file("no.p12"), PASSWORD),
                new StoreFile(file("missing.p12"), PASSWORD))) {
            assertThatThrownBy(() -> client(new RegistryTls(Optional.of(broken), Optional.empty())))
                    .isInstanceOf(RegistrySetupException.class)
                    .hasMessageContaining(broken.file().toString())
                    .hasMessageNotContaining("sesame");
        }
        assertThat(new StoreFile(file("r.p12"), PASSWORD).toString()).doesNotContain("sesame");
    }

    private RegistryClient client(RegistryTls tls) {
        return new RegistryClient(
                RegistrySettings.of(started.orElseThrow().url()).withTls(tls));
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-keystore",
                file("r.p12").toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD));
        command.addAll(1, List.of(arguments));
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(file("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor()).as(Files.readString(file("keytool.log"))).isZero();
    }
}

package io.stepvault.server.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostCheckTest {
    private final InetAddress local = address(10, 0, 0, 7);
    private final HostCheck check = new HostCheck(Set.of("Vault.example.org"));

    private static InetAddress address(int... bytes) {
        try {
            byte[] raw = new byte[bytes.length];
            for (int i = 0; i < raw.length; i++) {
                raw[i] = (byte) bytes[i];
            }
            return InetAddress.getByAddress(raw);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:8080",
                "127.0.0.1",
                "127.0.0.1:1",
                "127.1.2.3",
                "[::1]:8080",
                "10.0.0.7:80",
                "vault.example.org",
                "VAULT.EXAMPLE.ORG:8443"
            })
    void allowsOwnNames(String host) {
        assertThat(check.allows(host, local)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "evil.example.org",
                "localhost.evil.example.org",
                "localhost.",
                "127.0.0.1.evil.example.org",
                "10.0.0.8",
                "999.1.1.1",
                "127.0.0.01",
                "127.0.0.1.",
                "127.1",
                "2130706433",
                "0x7f000001",
                "0.0.0.0",
                "[::2]",
                "[::1",
                "[::1%25lo]",
                "localhost:",
                "localhost:x",
                "localhost:123456",
                "user@localhost",
                "localhost/x",
                "localhost, evil.example.org",
                "localhost evil"
            })
    void allowsNoOthers(String host) {
        assertThat(check.allows(host, local)).isFalse();
    }

    @Test
    void tellsThePort() {
        assertThat(HostCheck.port("localhost:8080")).hasValue("8080");
        assertThat(HostCheck.port("[::1]:81")).hasValue("81");
        assertThat(HostCheck.port("localhost")).isEmpty();
    }
}

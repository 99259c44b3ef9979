package io.stepvault.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.stepvault.server.guard.BearerToken;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadServerOptionsTest {
    private static ReadServerOptions on(InetSocketAddress address, Optional<BearerToken> token) {
        return new ReadServerOptions(address, token, Set.of(), false, ReadLimits.defaults(), Clock.systemUTC());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.0.0.1", "192.0.2.1"})
    void doNotServeOtherMachinesWithoutAToken(String address) {
        InetSocketAddress reachable = new InetSocketAddress(address, 0);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> on(reachable, Optional.empty()))
                .withMessageContaining("token");
        assertThat(on(reachable, Optional.of(new BearerToken("0123456789abcdef")))
                        .toString())
                .doesNotContain("0123456789abcdef");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1", "localhost"})
    void serveThisMachineWithoutOne(String address) {
        assertThat(on(new InetSocketAddress(address, 0), Optional.empty()).token())
                .isEmpty();
    }

    @Test
    void needAnAddress() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> on(InetSocketAddress.createUnresolved("nowhere", 1), Optional.empty()))
                .withMessageContaining("nowhere");
    }
}

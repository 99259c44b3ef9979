package io.stepvault.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FreePortsTest {
    @Test
    void picksDifferentPortsBelowThoseOfOutgoingConnections() {
        List<Integer> ports = FreePorts.pick(50);

        assertThat(ports).hasSize(50).doesNotHaveDuplicates().allMatch(port -> port >= 20_000 && port < 32_768);
    }

    @Test
    void picksFromTheGivenPartOfTheRangeOnly() {
        assertThat(FreePorts.pick(50, "1/2")).allMatch(port -> port >= 20_000 && port < 26_384);
        assertThat(FreePorts.pick(50, "2/2")).allMatch(port -> port >= 26_384 && port < 32_768);
        assertThat(FreePorts.pick(50, "3/3")).allMatch(port -> port >= 28_512 && port < 32_768);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "0/2", "3/2", "2/0", "1/2/3", "${surefire.forkNumber}/2"})
    void refusesWhatIsNoPart(String part) {
        assertThatThrownBy(() -> FreePorts.pick(1, part))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("stepvault.ports.part");
    }

    @Test
    void aPickedPortCanBeListenedOnAndIsNotFreeThen() throws Exception {
        int port = FreePorts.pick();

        try (ServerSocket server = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(server.getLocalPort()).isEqualTo(port);
            assertThat(Loopback.isFree(port)).isFalse();
        }
        assertThat(Loopback.isFree(port)).isTrue();
    }
}

package io.stepvault.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

class FreePortsTest {
    @Test
    void picksDifferentPortsBelowThoseOfOutgoingConnections() {
        List<Integer> ports = FreePorts.pick(50);

        assertThat(ports).hasSize(50).doesNotHaveDuplicates().allMatch(port -> port >= 20_000 && port < 32_768);
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

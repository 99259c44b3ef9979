package io.stepvault.embedded.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A server that hangs up after each answer without having said so. */
class RestlessServerTest {
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    @Test
    void whatHasNoBodyIsAskedAgain() throws Exception {
        try (ServerSocket door = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> serve(door));
            server.setDaemon(true);
            server.start();
            URI uri = URI.create("http://127.0.0.1:" + door.getLocalPort());
            try (S3Front front = S3Front.before(uri, 1);
                    Socket client = new Socket(
                            front.endpoint().getHost(), front.endpoint().getPort())) {
                BufferedReader answers =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
                for (int i = 0; i < 3; i++) {
                    client.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
                    assertThat(answers.readLine()).isEqualTo("HTTP/1.1 200 OK");
                    assertThat(answers.readLine()).isEqualTo("Content-Length: 0");
                    assertThat(answers.readLine()).isEmpty();
                }
            }
        }
    }

    private static void serve(ServerSocket door) {
        try {
            while (true) {
                try (Socket client = door.accept()) {
                    BufferedReader in = new BufferedReader(
                            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
                    String line = in.readLine();
                    while (line != null && !line.isEmpty()) {
                        line = in.readLine();
                    }
                    client.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                }
            }
        } catch (IOException e) {
            // The test has closed the door.
        }
    }
}

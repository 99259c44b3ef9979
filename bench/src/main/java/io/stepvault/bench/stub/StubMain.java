package io.stepvault.bench.stub;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The stub as a process. It says where it listens, by HTTP and by HTTPS, then answers each line on its standard input
 * with one, and ends with that:
 *
 * <ul>
 *   <li>{@code counts}: see {@link StubCounts}
 *   <li>{@code latency MILLIS}: how long answers wait from now on
 *   <li>{@code mistakes}: the first few
 * </ul>
 */
public final class StubMain {
    /** What contenders sign with; no secret. */
    public static final String ACCESS_KEY = "AKIABENCHBENCHBENCH0";

    /** What contenders sign with; no secret. */
    public static final String SECRET_KEY = "bench+bench/bench+bench/bench+bench/bench";

    private StubMain() {}

    /** Takes the certificate's file, and whether to verify: {@code verify} or {@code believe}. */
    public static void main(String[] args) throws IOException {
        StubStore store = new StubStore(
                args[1].equals("verify") ? Optional.of(new SignatureCheck(ACCESS_KEY, SECRET_KEY)) : Optional.empty());
        try (StubServer http = StubServer.http(store);
                StubServer https = StubServer.https(store, new StubCertificate(Path.of(args[0])));
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            System.out.println(http.endpoint() + " " + https.endpoint());
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                System.out.println(answer(store, line));
            }
        }
    }

    private static String answer(StubStore store, String line) {
        String[] words = line.split(" ", -1);
        return switch (words[0]) {
            case "counts" -> store.counts().line();
            case "latency" -> {
                store.setLatency(Duration.ofMillis(Long.parseLong(words[1])));
                yield "ok";
            }
            case "mistakes" -> String.join("; ", store.mistakes());
            default -> "unknown: " + line;
        };
    }
}

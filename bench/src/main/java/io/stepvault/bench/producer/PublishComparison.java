package io.stepvault.bench.producer;

import io.stepvault.embedded.EmbeddedKafka;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * Compares the SDK for producers with a bare {@code KafkaProducer} that has the same settings and sends the same bytes,
 * serialized beforehand. Each round is a process of its own; rounds of the two take turns, so that a busy machine slows
 * both. The broker runs in this process.
 */
public final class PublishComparison {
    private static final String TOPIC = "step-captures";
    private static final int ROUNDS = 7;
    private static final int WARM_UP = 3_000;
    private static final int MEASURED = 6_000;

    private PublishComparison() {}

    /**
     * Runs it, and prints a table.
     *
     * @param args the number of rounds, the captures to warm up with, the captures of a round; or less of it
     */
    public static void main(String[] args) throws Exception {
        List<Integer> numbers = new ArrayList<>(List.of(ROUNDS, WARM_UP, MEASURED));
        for (int index = 0; index < args.length; index++) {
            numbers.set(index, Integer.parseInt(args[index]));
        }
        List<PublishRound> sdk = new ArrayList<>();
        List<PublishRound> bare = new ArrayList<>();
        try (EmbeddedKafka kafka = EmbeddedKafka.builder()
                .property("log.retention.bytes", "50000000")
                .property("log.segment.bytes", "25000000")
                .property("log.retention.check.interval.ms", "1000")
                .start()) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                admin.createTopics(List.of(new NewTopic(TOPIC, 12, (short) 1)))
                        .all()
                        .get();
            }
            for (int round = 0; round < numbers.get(0); round++) {
                // Who is first matters a little: they take turns in that, too.
                for (String which : round % 2 == 0 ? List.of("sdk", "bare") : List.of("bare", "sdk")) {
                    PublishRound result = run(which, kafka.bootstrapServers(), numbers.subList(1, 3));
                    (which.equals("sdk") ? sdk : bare).add(result);
                    System.out.printf(
                            "%-5s %8.0f captures/s %8.0f us of CPU per capture%n",
                            which, result.capturesPerSecond(), result.cpuMicros());
                }
            }
        }
        System.out.printf(
                "medians: sdk %.0f, bare %.0f captures/s, ratio %.3f (target: at least 0.95); CPU ratio %.2f%n",
                median(sdk, PublishRound::capturesPerSecond),
                median(bare, PublishRound::capturesPerSecond),
                median(sdk, PublishRound::capturesPerSecond) / median(bare, PublishRound::capturesPerSecond),
                median(sdk, PublishRound::cpuMicros) / median(bare, PublishRound::cpuMicros));
    }

    private static PublishRound run(String which, String bootstrapServers, List<Integer> counts)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PublishProgram.class.getName(),
                        which,
                        bootstrapServers,
                        TOPIC,
                        counts.get(0).toString(),
                        counts.get(1).toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("the program that publishes (" + which + ") failed; it said: " + output);
        }
        List<String> lines = Arrays.asList(output.strip().split("\n", -1));
        return PublishRound.parse(lines.get(lines.size() - 1));
    }

    static double median(List<PublishRound> rounds, ToDoubleFunction<PublishRound> value) {
        List<Double> sorted =
                new ArrayList<>(rounds.stream().mapToDouble(value).boxed().toList());
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}

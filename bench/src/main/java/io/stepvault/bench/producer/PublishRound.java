package io.stepvault.bench.producer;

import java.util.Locale;

/**
 * What one program reports of its round, in one line.
 *
 * @param capturesPerSecond acknowledged by the broker
 * @param cpuMicros of the whole process, for each capture
 */
record PublishRound(double capturesPerSecond, double cpuMicros) {
    private static final String MARK = "round";

    String line() {
        return String.format(Locale.ROOT, "%s %.2f %.2f", MARK, capturesPerSecond, cpuMicros);
    }

    /** @throws IllegalArgumentException if that is no such line */
    static PublishRound parse(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 3 || !words[0].equals(MARK)) {
            throw new IllegalArgumentException("not the report of a round: " + line);
        }
        return new PublishRound(Double.parseDouble(words[1]), Double.parseDouble(words[2]));
    }
}

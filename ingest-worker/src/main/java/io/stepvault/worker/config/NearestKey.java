package io.stepvault.worker.config;

import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds what a mistyped key was meant to be. Stateless; safe for any thread. */
final class NearestKey {
    private record Candidate(String key, int distance) {}

    private NearestKey() {}

    /**
     * The nearest key, unless none is anywhere near: at most half of the letters may differ. A key whose first parts
     * were left out ({@code bootstrap.servers}) counts as near.
     */
    static Optional<String> of(String mistyped, Stream<String> keys) {
        return nearest(mistyped, keys, Math.max(3, mistyped.length() / 2));
    }

    /** The nearest key that differs in at most {@code most} letters. */
    static Optional<String> within(int most, String mistyped, Stream<String> keys) {
        return nearest(mistyped, keys, most);
    }

    private static Optional<String> nearest(String mistyped, Stream<String> keys, int most) {
        return keys.map(key -> new Candidate(key, distance(mistyped, key)))
                .filter(candidate -> candidate.distance() <= most)
                .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::key))
                .map(Candidate::key);
    }

    /** The optimal string alignment distance: letters put in, left out, changed, or swapped with their neighbour. */
    static int distance(String a, String b) {
        int[][] distance = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    distance[i][j] = i + j;
                    continue;
                }
                int changed = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int least = Math.min(distance[i - 1][j], distance[i][j - 1]) + 1;
                least = Math.min(least, distance[i - 1][j - 1] + changed);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    least = Math.min(least, distance[i - 2][j - 2] + 1);
                }
                distance[i][j] = least;
            }
        }
        return distance[a.length()][b.length()];
    }
}
